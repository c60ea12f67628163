import type { Random } from "../random.ts"
import { Bytes } from "./bytes.ts"
import type { FileName, Operation } from "./trace.ts"

/** What a crash leaves behind: the files that exist, with their content. */
export type Image = ReadonlyMap<FileName, Buffer>

/** How much of what was not synced a crash takes. */
export type Mood = "all is lost" | "all is kept" | "some of it"

/**
 * A disk that keeps for certain only what was synced. The rest is lost, kept or torn when the
 * power goes, each write for itself and in no order; the names of files too, until their folder
 * is synced.
 */
export class Disk {
  #operations = 0
  /** What the names stand for to the running system, and what they would after a crash. */
  readonly #names = new Map<FileName, Inode>()
  readonly #synced = new Map<FileName, Inode>()
  readonly #renamed: { readonly index: number; readonly file: FileName; readonly inode?: Inode }[] =
    []

  apply(operation: Operation): void {
    const index = this.#operations++
    switch (operation.type) {
      case "write":
      case "truncate":
        this.#inode(operation.file).pending.push({ index, change: operation })
        break
      case "sync":
        this.#sync(operation.file, operation.since)
        break
      case "create": {
        const inode = new Inode()
        this.#names.set(operation.file, inode)
        this.#renamed.push({ index, file: operation.file, inode })
        break
      }
      case "remove":
        this.#names.delete(operation.file)
        this.#renamed.push({ index, file: operation.file })
        break
      case "acknowledge":
    }
  }

  /** What is left when the power goes now. */
  crash(mood: Mood, random: Random): Image {
    const names = new Map(this.#synced)
    // A folder is a journal: of what was not synced, a beginning lasts.
    const last = this.#renamed.length
    const kept = mood === "all is kept" ? last : mood === "all is lost" ? 0 : random.below(last + 1)
    for (const { file, inode } of this.#renamed.slice(0, kept)) rename(names, file, inode)
    return new Map(Array.from(names, ([file, inode]) => [file, inode.crash(mood, random)]))
  }

  #sync(file: FileName, since: number): void {
    if (file !== "folder") return this.#inode(file).sync(since)
    while ((this.#renamed[0]?.index ?? since) < since) {
      const renamed = this.#renamed.shift()
      if (renamed !== undefined) rename(this.#synced, renamed.file, renamed.inode)
    }
  }

  #inode(file: FileName): Inode {
    const inode = this.#names.get(file)
    if (inode === undefined) throw new Error(`The ${file} is used before it is there`)
    return inode
  }
}

type Change = Extract<Operation, { type: "write" | "truncate" }>

/** A file, whatever its name is. */
class Inode {
  readonly pending: { readonly index: number; readonly change: Change }[] = []
  readonly #synced = new Bytes()

  sync(since: number): void {
    const later = this.pending.findIndex(({ index }) => index >= since)
    const covered = this.pending.splice(0, later < 0 ? this.pending.length : later)
    for (const { change } of covered) play(change, this.#synced)
  }

  crash(mood: Mood, random: Random): Buffer {
    const left = new Bytes(this.#synced.copy())
    if (mood === "all is lost") return left.copy()
    for (const { change } of this.pending) {
      const fate = mood === "all is kept" ? 0 : random.below(100)
      if (fate < 45) play(change, left)
      else if (fate < 70 && change.type === "write") tear(change, left, random)
    }
    return left.copy()
  }
}

/** What a disk writes as one. */
const SECTOR = 512

/** Of a torn write some sectors arrive, and now and then one is garbage. */
function tear(
  { offset, data }: Extract<Change, { type: "write" }>,
  left: Bytes,
  random: Random,
): void {
  for (let at = 0; at < data.length; at += SECTOR) {
    if (random.chance(0.5)) continue
    const sector = data.subarray(at, at + SECTOR)
    left.write(offset + at, random.chance(0.1) ? Buffer.alloc(sector.length, 0xa5) : sector)
  }
}

function play(change: Change, bytes: Bytes): void {
  if (change.type === "write") bytes.write(change.offset, change.data)
  else bytes.truncate(change.size)
}

function rename(names: Map<FileName, Inode>, file: FileName, inode: Inode | undefined): void {
  if (inode === undefined) names.delete(file)
  else names.set(file, inode)
}
