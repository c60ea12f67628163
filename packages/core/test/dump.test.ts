import { openStoreAtOnce } from "@tidemark/core/engine"
import { expect, it } from "vitest"
import { MovableEngine } from "./movable-engine.ts"

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
