import type { Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { type Channel, connect } from "@tidemark/sync"
import { describe, expect, it, vi } from "vitest"
import { portWay } from "./replicas.ts"

/** Random numbers from a seed, after mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state += 0x6d2b79f5
    state |= 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A channel that sends writes twice, and cuts its links at any message either way. */
function faulty(channel: Channel, random: () => number): Channel {
  return {
    open(receiver) {
      let isCut = false
      const cut = () => {
        isCut = true
        link.close()
        queueMicrotask(() => receiver.closed(new Error("cut")))
      }
      const link = channel.open({
        message(message) {
          if (isCut) return
          if (random() < 0.05) cut()
          else receiver.message(message)
        },
        closed: (reason) => {
          if (!isCut) receiver.closed(reason)
        },
      })
      return {
        send(message) {
          if (isCut) return
          link.send(message)
          if (message.type === "mutate" && random() < 0.3) link.send(message)
          if (random() < 0.05) cut()
        },
        close: () => link.close(),
      }
    },
  }
}

/** A clock whose waits end at once, so that retries cost no time. */
const hasty = {
  now: () => Date.now(),
  after(_: number, callback: () => void) {
    const timer = setImmediate(callback)
    return () => clearImmediate(timer)
  },
}

async function work(store: Store, random: () => number, name: string): Promise<number> {
  const done: Promise<unknown>[] = []
  let increments = 0
  for (let step = 0; step < 30; step++) {
    const kind = random()
    if (kind < 0.4) {
      increments++
      done.push(store.update("shared", "count", (n) => (n as number) + 1))
    } else if (kind < 0.8) done.push(store.set("own", `${name}${Math.floor(random() * 5)}`, step))
    else done.push(store.delete("own", `${name}${Math.floor(random() * 5)}`))
    if (random() < 0.3) await new Promise((resolve) => setImmediate(resolve))
  }
  await Promise.all(done)
  return increments
}

describe("C6 replicas over channels that double, cut and delay", () => {
  it.each(Array.from({ length: 20 }, (_, seed) => seed + 1))(
    "apply every write once and end alike (seed %i)",
    async (seed) => {
      const random = randomFrom(seed)
      const authority = openStore()
      await authority.set("shared", "count", 0)
      const way = await portWay(authority)
      const replicas = ["a", "b"].map(() =>
        connect(faulty(way.channel, random), { clock: hasty, random }),
      )
      await Promise.all(replicas.map((store) => store.get("shared", "count")))
      const increments = await Promise.all(
        replicas.map((store, index) => work(store, random, "ab"[index] as string)),
      )
      const total = increments.reduce((sum, n) => sum + n, 0)
      expect(await authority.get("shared", "count")).toBe(total)
      const expected = [await authority.list("shared"), await authority.list("own")]
      for (const store of replicas) {
        await vi.waitFor(async () =>
          expect([await store.list("shared"), await store.list("own")]).toEqual(expected),
        )
        expect(store.status.get().pending).toBe(0)
        await store.close()
      }
      await way.close()
      await authority.close()
    },
  )
})
