import { join } from "node:path"
import { openStore } from "@tidemark/core/better-sqlite3"
import { openStoreAtOnce } from "@tidemark/core/engine"
import { expect, it } from "vitest"
import { temporaryFolder } from "./folder.ts"
import { MovableEngine } from "./movable-engine.ts"

const folder = temporaryFolder()

it("Z16 a dump of a sequence that is replaced meanwhile does not mix the two", async () => {
  const engine = new MovableEngine()
  const store = openStoreAtOnce(engine)
  await store.setMany("u", { a: 1, b: 1 })
  const dump = store.dump()[Symbol.asyncIterator]()
  await dump.next()
  engine.replace(9, [])
  const rest = async () => {
    for (let line = await dump.next(); line.done !== true; line = await dump.next());
  }
  await expect(rest()).rejects.toMatchObject({ code: "position_too_old" })
  await store.close()
})

it.each([25, false] as const)(
  "Z16 a dump has no part of a batch of another process, polled for at %s",
  async (pollInterval) => {
    const path = join(folder, `two-${pollInterval}.db`)
    const [store, other] = [openStore({ path, pollInterval }), openStore({ path })]
    const batch = (value: number) => ({
      ops: ["a", "b"].map((kind) => ({ type: "set" as const, kind, key: "1", value })),
    })
    await store.commit(batch(1))
    const values: unknown[] = []
    for await (const text of store.dump()) {
      const line = JSON.parse(text) as { kind?: string; value?: number }
      if (line.kind !== undefined) values.push(line.value)
      if (line.kind === "a") await other.commit(batch(2))
    }
    expect(values).toEqual([1, 1])
    await store.close()
    await other.close()
  },
)
