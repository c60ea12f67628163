import type { Engine } from "@tidemark/core/engine"
import { MemoryEngine, openStore } from "@tidemark/core/memory"
import { type Channel, connect } from "@tidemark/sync"
import { describe, expect, it, vi } from "vitest"
import { portWay } from "./replicas.ts"

describe("C6 the writes of a replica", () => {
  it("go out once each, and none before it is stored", async () => {
    const authority = openStore()
    const sent: number[] = []
    const channel = recording((await portWay(authority)).channel, sent)
    const outbox = new MemoryEngine()
    const replica = connect(channel, { storage: { base: new MemoryEngine(), outbox } })
    await replica.list("u")

    const held = hold(outbox)
    const first = replica.set("u", "note", "a")
    await vi.waitFor(() => expect(held.length).toBe(1))
    const second = replica.set("u", "note", "ab")
    await vi.waitFor(() => expect(held.length).toBe(2))
    held[0]?.()
    await first
    expect(sent).toEqual([1])
    held[1]?.()
    await second
    expect(sent).toEqual([1, 2])

    expect(await authority.entry("u", "note")).toMatchObject({ value: "ab", version: 2 })
    await replica.close()
    await authority.close()
  })
})

/** Holds the next two commits of an engine; each function lets one go on. */
function hold(engine: Engine): (() => void)[] {
  const held: (() => void)[] = []
  const commit = engine.commit.bind(engine)
  engine.commit = async (batches) => {
    if (held.length < 2) await new Promise<void>((resolve) => held.push(resolve))
    return commit(batches)
  }
  return held
}

/** A channel that notes the numbers of all writes that are sent through it. */
function recording(channel: Channel, sent: number[]): Channel {
  return {
    open(receiver) {
      const link = channel.open(receiver)
      return {
        send(message) {
          if (message.type === "mutate") sent.push(...message.mutations.map((one) => one.mutation))
          link.send(message)
        },
        close: () => link.close(),
      }
    },
  }
}
