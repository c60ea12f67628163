import { systemClock } from "@tidemark/core"
import { MemoryEngine } from "@tidemark/core/memory"
import { describe, expect, it } from "vitest"
import { Outbox } from "../src/outbox.ts"

const [before, after] = ["a", "b"].map((letter) => letter.repeat(32)) as [string, string]
const item = (mutation: number) => ({
  mutation,
  batch: { ops: [{ type: "set", kind: "u", key: "k", value: mutation }] as const },
})

/** An engine that tells a state later, and lets something happen in between, so often as there is something. */
class Busy extends MemoryEngine {
  readonly meanwhile: (() => Promise<void>)[] = []

  override snapshot(...asked: Parameters<MemoryEngine["snapshot"]>) {
    const state = super.snapshot(...asked)
    const next = this.meanwhile.shift()
    return (next === undefined ? state : next().then(() => state)) as typeof state
  }
}

describe("C6 an outbox that becomes another client's", () => {
  it("has the writes that it was given and no others, whatever is stored while it looks at them", async () => {
    const engine = new Busy()
    const outbox = new Outbox(engine, systemClock)
    await outbox.open()
    await outbox.become({ client: before }, [])
    await outbox.put(before, [item(1), item(2)])
    engine.meanwhile.push(
      () => outbox.put(before, [item(3)]),
      () => outbox.drop(before, [1], []),
      () => outbox.begin({ client: before, since: 5 }),
    )
    await outbox.become({ client: after, since: 7 }, [item(1), item(2)], 4)
    expect(engine.meanwhile).toHaveLength(0)
    await outbox.close()

    const next = new Outbox(engine, systemClock)
    expect(await next.open()).toEqual({
      client: after,
      since: 7,
      last: 4,
      items: [item(1), item(2)],
    })
    expect(engine.scan(`items of ${before}`, { limit: 9 })).toEqual([])
    await next.close()
  })
})
