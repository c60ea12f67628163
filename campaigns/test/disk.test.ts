import { describe, expect, it } from "vitest"
import { Disk, type Mood } from "../src/powerloss/disk.ts"
import { type FileName, type Operation, readTrace } from "../src/powerloss/trace.ts"
import { Random } from "../src/random.ts"

const CREATED: readonly Operation[] = [
  { type: "create", file: "wal" },
  { type: "sync", file: "folder", since: 1 },
]

describe("a disk whose power fails", () => {
  it("keeps what was synced, and may lose the rest", () => {
    const disk = played([write("wal", 0, "old"), sync("wal", 3), write("wal", 0, "new")])
    expect(left(disk, "all is lost")).toEqual({ wal: "old" })
    expect(left(disk, "all is kept")).toEqual({ wal: "new" })
    expect(fates(disk)).toEqual(new Set(["old", "new", "¥¥¥"])) // Or torn.
  })

  it("does not keep what was written while a sync was under way", () => {
    // The sync began before the second write, and ended after it.
    const disk = played([write("wal", 0, "one"), write("wal", 3, "two"), sync("wal", 3)])
    expect(left(disk, "all is lost")).toEqual({ wal: "one" })
  })

  it("keeps of each file what was synced of that file", () => {
    const disk = played([
      { type: "create", file: "database" },
      sync("folder", 3),
      write("database", 0, "page"),
      write("wal", 0, "frame"),
      sync("wal", 6),
    ])
    expect(left(disk, "all is lost")).toEqual({ database: "", wal: "frame" })
  })

  it("loses a file whose name was not synced with its folder, although its content was", () => {
    const disk = new Disk()
    disk.apply({ type: "create", file: "wal" })
    disk.apply(write("wal", 0, "frame"))
    disk.apply(sync("wal", 2))
    expect(left(disk, "all is lost")).toEqual({})
    expect(left(disk, "all is kept")).toEqual({ wal: "frame" })
    disk.apply(sync("folder", 3))
    expect(left(disk, "all is lost")).toEqual({ wal: "frame" })
  })

  it("may bring back a file that was removed, and tells a new one of its name from it", () => {
    const disk = played([write("wal", 0, "old"), sync("wal", 3), { type: "remove", file: "wal" }])
    expect(left(disk, "all is lost")).toEqual({ wal: "old" })
    expect(left(disk, "all is kept")).toEqual({})
    disk.apply({ type: "create", file: "wal" })
    disk.apply(write("wal", 0, "new"))
    expect(left(disk, "all is lost")).toEqual({ wal: "old" })
    disk.apply(sync("folder", 7))
    expect(left(disk, "all is lost")).toEqual({ wal: "" })
    expect(left(disk, "all is kept")).toEqual({ wal: "new" })
  })

  it("keeps, loses or tears writes in no order, and leaves zeros where one is missing", () => {
    const disk = played([write("wal", 0, "aa"), write("wal", 2, "bb"), write("wal", 4, "cc")])
    expect(fates(disk)).toContain("\0\0bb")
    expect(fates(disk)).toContain("aa\0\0cc")
    expect(fates(disk)).toContain("aabbcc")
  })

  it("tears a write at its sectors, and may leave garbage in one, but nowhere beside it", () => {
    const disk = played([
      write("wal", 0, "-".repeat(2_048)),
      sync("wal", 3),
      write("wal", 512, "+".repeat(1_024)),
    ])
    const sectors = Array.from(fates(disk), (content = "") =>
      [0, 512, 1_024, 1_536].map((at) => content[at]).join(""),
    )
    expect(new Set(sectors)).toEqual(
      new Set(["----", "-+--", "--+-", "-++-", "-¥--", "--¥-", "-¥+-", "-+¥-", "-¥¥-"]),
    )
  })

  it("keeps a truncation when it was synced, and may lose it before", () => {
    const cut: Operation = { type: "truncate", file: "wal", size: 1 }
    const disk = played([write("wal", 0, "long"), sync("wal", 3), cut])
    expect(fates(disk)).toEqual(new Set(["long", "l"]))
    disk.apply(sync("wal", 5))
    expect(left(disk, "all is lost")).toEqual({ wal: "l" })
  })

  it("leaves the same for the same random numbers", () => {
    const disk = played([write("wal", 0, "a".repeat(5_000)), write("wal", 900, "b".repeat(5_000))])
    const crash = () => disk.crash("some of it", new Random(11)).get("wal")?.toString("latin1")
    expect(crash()).toEqual(crash())
  })
})

describe("a trace", () => {
  it("is read record by record, without one that was cut off", () => {
    const bytes = Buffer.concat([
      recorded("C", 1, 0),
      recorded("W", 2, 4_096, "data"),
      recorded("S", 0, 1),
      recorded("T", 3, 9),
      recorded("A", 4, 0, "7 9\n"),
      recorded("R", 1, 0),
      recorded("W", 2, 0).subarray(0, 10),
    ])
    expect(readTrace(bytes)).toEqual([
      { type: "create", file: "database" },
      { type: "write", file: "wal", offset: 4_096, data: Buffer.from("data") },
      { type: "sync", file: "folder", since: 1 },
      { type: "truncate", file: "journal", size: 9 },
      { type: "acknowledge", text: "7 9\n" },
      { type: "remove", file: "database" },
    ])
  })

  it("with something that a disk here cannot play is refused", () => {
    expect(() => readTrace(recorded("X", 2, 0))).toThrow("of the wal")
  })
})

/** A disk with an empty file "wal", on which these operations were done; they count from 2. */
function played(operations: readonly Operation[]): Disk {
  const disk = new Disk()
  for (const operation of [...CREATED, ...operations]) disk.apply(operation)
  return disk
}

function left(disk: Disk, mood: Mood): Partial<Record<FileName, string>> {
  const image = disk.crash(mood, new Random(1))
  return Object.fromEntries([...image].map(([file, content]) => [file, content.toString("latin1")]))
}

/** Everything that a crash made of the file "wal", in many of them. */
function fates(disk: Disk): Set<string | undefined> {
  const random = new Random(3)
  const crash = () => disk.crash("some of it", random).get("wal")?.toString("latin1")
  return new Set(Array.from({ length: 1_000 }, crash))
}

function write(file: FileName, offset: number, text: string): Operation {
  return { type: "write", file, offset, data: Buffer.from(text) }
}

function sync(file: FileName, since: number): Operation {
  return { type: "sync", file, since }
}

function recorded(what: string, file: number, number: number, data = ""): Buffer {
  const header = Buffer.alloc(24)
  header.write(what)
  header.writeUInt8(file, 1)
  header.writeBigUInt64LE(BigInt(number), 8)
  header.writeBigUInt64LE(BigInt(data.length), 16)
  return Buffer.concat([header, Buffer.from(data)])
}
