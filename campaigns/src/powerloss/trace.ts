/** The files of a database, and the folder they are in. */
export type FileName = "folder" | "database" | "wal" | "journal"

/** What a process did, as far as a disk is concerned. */
export type Operation =
  | {
      readonly type: "write"
      readonly file: FileName
      readonly offset: number
      readonly data: Buffer
    }
  | { readonly type: "truncate"; readonly file: FileName; readonly size: number }
  | { readonly type: "create" | "remove"; readonly file: FileName }
  /** A sync that has ended well. It covers what came before the operation of this index. */
  | { readonly type: "sync"; readonly file: FileName; readonly since: number }
  /** The process told somebody: from here on, what it told must last. */
  | { readonly type: "acknowledge"; readonly text: string }

const FILES: readonly FileName[] = ["folder", "database", "wal", "journal"]
const HEADER = 24

/**
 * Reads the records of trace.c: one byte for what was done, one for the file, at 8 a number
 * (an offset, a size or the index of an operation), at 16 the length of the data that follows.
 *
 * @throws Error for an operation that the model of a disk does not know.
 */
export function readTrace(bytes: Buffer): readonly Operation[] {
  const operations: Operation[] = []
  for (let at = 0; at + HEADER <= bytes.length; ) {
    const what = String.fromCharCode(bytes.readUInt8(at))
    const file = FILES[bytes.readUInt8(at + 1)]
    const number = Number(bytes.readBigUInt64LE(at + 8))
    const end = at + HEADER + Number(bytes.readBigUInt64LE(at + 16))
    const data = bytes.subarray(at + HEADER, end)
    operations.push(operationOf(what, file, number, data))
    at = end
  }
  return operations
}

function operationOf(
  what: string,
  file: FileName | undefined,
  number: number,
  data: Buffer,
): Operation {
  if (what === "A") return { type: "acknowledge", text: data.toString() }
  if (file === undefined) throw new Error(`The trace has ${what} of an unknown file`)
  switch (what) {
    case "W":
      return { type: "write", file, offset: number, data }
    case "T":
      return { type: "truncate", file, size: number }
    case "S":
      return { type: "sync", file, since: number }
    case "C":
      return { type: "create", file }
    case "R":
      return { type: "remove", file }
    default:
      throw new Error(`The trace has something of the ${file} that a disk here cannot play`)
  }
}
