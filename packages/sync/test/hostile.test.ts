import type { Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { TestClock } from "@tidemark/core/testing"
import { connect } from "@tidemark/sync"
import {
  type HostileOptions,
  hostileChannel,
  type ServeOver,
  seededRandom,
} from "@tidemark/sync/testing"
import { describe, expect, it } from "vitest"
import { inProcess, overPorts } from "./channels.ts"

const SEEDS = Array.from({ length: 12 }, (_, seed) => seed + 1)

/** Each by itself, and then all at once. */
const HOSTILE: Readonly<Record<string, Omit<HostileOptions, "seed">>> = {
  drops: { drop: 0.1 },
  doubles: { double: 0.3 },
  "delays and reorders": { delay: 200, reorder: 0.2 },
  cuts: { cut: 0.05 },
  "does all of it": { drop: 0.04, double: 0.15, delay: 300, reorder: 0.1, cut: 0.02 },
}

const ways: Readonly<Record<string, ServeOver>> = {
  "the same process": inProcess,
  "a MessagePort": overPorts,
}

describe.each(Object.entries(ways))("C6 replicas over a channel of %s", (_, serve) => {
  describe.each(Object.entries(HOSTILE))("that %s", (_, faults) => {
    it.each(SEEDS)("apply every write once and end alike (seed %i)", async (seed) => {
      const clock = new TestClock()
      const random = seededRandom(seed)
      const authority = openStore({ clock })
      await authority.set("shared", "count", 0)
      const served = await serve(authority, { authorization: { principal: "test" }, clock })
      const replicas = [1, 2].map((n) => {
        const channel = hostileChannel(served.channel, { ...faults, seed: seed * 10 + n, clock })
        return connect(channel, { clock, random, deadline: 5_000 })
      })
      let total = 0
      let working = replicas.length
      for (const replica of replicas) {
        work(replica, random).then((increments) => {
          total += increments
          working -= 1
        })
      }
      await clock.until(() => working === 0)
      expect(await authority.get("shared", "count")).toBe(total)
      const state = async (store: Store) =>
        JSON.stringify([await store.list("shared"), await store.list("own")])
      for (const replica of replicas) {
        await clock.until(async () => (await state(replica)) === (await state(authority)))
        expect(replica.status.get().pending).toBe(0)
        await replica.close()
      }
      await served.close()
      await authority.close()
    })
  })
})

/** Writes at random, and resolves with the number of increments when all writes are confirmed. */
async function work(store: Store, random: () => number): Promise<number> {
  await store.get("shared", "count")
  const done: Promise<unknown>[] = []
  let increments = 0
  for (let step = 0; step < 20; step++) {
    const kind = random()
    if (kind < 0.4) {
      increments += 1
      done.push(store.update("shared", "count", (n) => (n as number) + 1))
    } else if (kind < 0.8) done.push(store.set("own", `k${Math.floor(random() * 5)}`, step))
    else done.push(store.delete("own", `k${Math.floor(random() * 5)}`))
    if (random() < 0.3) await new Promise((resolve) => setImmediate(resolve))
  }
  await Promise.all(done)
  return increments
}
