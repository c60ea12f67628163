import { copyFileSync, mkdirSync } from "node:fs"
import { join } from "node:path"
import { openStore } from "@tidemark/core/better-sqlite3"
import { openStoreAtOnce } from "@tidemark/core/engine"
import { type DatabaseFile, SqliteEngine } from "@tidemark/core/sqlite"
import Database from "better-sqlite3"
import { expect, it } from "vitest"
import { temporaryFolder } from "./folder.ts"
import { turn } from "./turn.ts"

const folder = temporaryFolder()
let files = 0

/**
 * A file of which a power cut leaves what it was when the newest sync that ended began: all that
 * one is sure of. `image` opens that.
 */
class ImagedFile implements DatabaseFile {
  readonly #path: string
  #images = 0
  #durable = 0

  constructor(path: string) {
    this.#path = path
    mkdirSync(`${path}-images`)
  }

  syncAtOnce(): void {
    this.#durable = this.#take()
  }

  async sync(): Promise<void> {
    const image = this.#take()
    await turn()
    await turn()
    this.#durable = image
  }

  watch(): () => void {
    return () => {}
  }

  isReplaced(): boolean {
    return false
  }

  close(): void {}

  /** The keys that a power cut now would leave. */
  async keys(): Promise<readonly string[]> {
    const store = openStore({ path: this.#pathOf(this.#durable), durability: "process" })
    const keys = await store.keys("u")
    await store.close()
    return keys
  }

  #take(): number {
    const image = ++this.#images
    for (const part of ["", "-wal"]) {
      copyFileSync(`${this.#path}${part}`, `${this.#pathOf(image)}${part}`)
    }
    return image
  }

  #pathOf(image: number): string {
    return join(`${this.#path}-images`, `${image}.db`)
  }
}

function opened() {
  const path = join(folder, `${++files}.db`)
  let file: ImagedFile | undefined
  const engine = new SqliteEngine(() => new Database(path), {
    name: "imaged",
    storage: "file",
    file: () => {
      file = new ImagedFile(path)
      return file
    },
  })
  const store = openStoreAtOnce(engine)
  return { path, store, file: file as unknown as ImagedFile }
}

it("Z2 a change that lands while a save is finishing is saved too, and acknowledged after that", async () => {
  const { store, file } = opened()
  const first = store.set("u", "a", 1)
  await Promise.resolve() // Committed, and its sync has begun.
  const during = store.set("u", "b", 1)
  await turn()
  const late = store.set("u", "c", 1)
  await first
  expect(await file.keys()).toContain("a")
  await during
  expect(await file.keys()).toEqual(expect.arrayContaining(["a", "b"]))
  await late
  expect(await file.keys()).toEqual(["a", "b", "c"])
  await store.close()
})

it("Z2 whatever is acknowledged or told is what a power cut leaves", async () => {
  const { store, file } = opened()
  const missing: string[] = []
  const checks: Promise<void>[] = []
  const check = (key: string) => {
    const left = file.keys()
    checks.push(
      left.then((keys) => {
        if (!keys.includes(key)) missing.push(key)
      }),
    )
  }
  store.watch("u").subscribe(({ key }) => check(key))
  for (let n = 0; n < 40; n++) {
    void store.set("u", `k${n}`, n).then(() => check(`k${n}`))
    if (n % 3 === 0) await turn()
  }
  await store.close()
  await Promise.all(checks)
  expect([checks.length, missing]).toEqual([80, []])
})

it("Z17 close flushes what is not acknowledged yet", async () => {
  const { path, store, file } = opened()
  const writes = [store.set("u", "a", 1)]
  await Promise.resolve()
  writes.push(store.set("u", "b", 1), store.set("u", "c", 1))
  await store.close()
  expect(await file.keys()).toEqual(["a", "b", "c"])
  expect((await Promise.all(writes)).map(({ seq }) => seq)).toEqual([1, 2, 3])
  const again = openStore({ path })
  expect(await again.keys("u")).toEqual(["a", "b", "c"])
  await again.close()
})
