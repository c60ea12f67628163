import { dirname, resolve } from "node:path"
import { StoreError } from "../../errors.ts"
import { PARTS } from "./aside.ts"
import { syncFile, syncFolder } from "./folder.ts"
import { fs } from "./fs.ts"
import { isOfSystem, systemFault } from "./system-fault.ts"

/**
 * Writes a file that is there whole or not at all: under another name first, which is synced and
 * then renamed. `makeRoom` is called in between, for a file that stands in the way; the default
 * is to refuse.
 *
 * @throws StoreError `invalid_value` when the file exists, `storage_unavailable` without its
 * folder; what `write` throws.
 */
export async function writeNewFile(
  path: string,
  write: (temporary: string) => unknown,
  makeRoom: (path: string) => void = refuse,
): Promise<void> {
  const target = resolve(path)
  if (makeRoom === refuse) refuse(target)
  checkFolder(target)
  const temporary = `${target}.part-${process.pid}-${++written}`
  try {
    await write(temporary)
    syncFile(temporary)
    makeRoom(target)
    fs.renameSync(temporary, target)
  } catch (error) {
    throw isOfSystem(error) ? systemFault(target, "written", error) : error
  } finally {
    for (const part of PARTS) fs.rmSync(`${temporary}${part}`, { force: true })
  }
  syncFolder(dirname(target))
}

/** Makes the names of unfinished files differ inside this process. */
let written = 0

function refuse(target: string): void {
  if (!fs.existsSync(target)) return
  throw new StoreError("invalid_value", `${target} exists already`, {
    details: { path: target },
    hint: "Choose a new name; nothing was overwritten",
  })
}

function checkFolder(target: string): void {
  const folder = dirname(target)
  if (fs.existsSync(folder)) return
  throw new StoreError("storage_unavailable", `There is no folder ${folder}`, {
    details: { path: target, folder },
    hint: "Create the folder first, or choose another path",
  })
}
