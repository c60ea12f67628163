import { openStore } from "@tidemark/core/memory"
import { TestClock } from "@tidemark/core/testing"
import { connect } from "@tidemark/sync"
import { expect, it, vi } from "vitest"
import { portWay } from "./replicas.ts"

it("G1 a replica shows an end in time without its authority, and commits nothing for it", async () => {
  const [clock, authorityClock] = [new TestClock(), new TestClock()]
  const authority = openStore({ clock: authorityClock })
  await authority.setMany("u", { a: 1, b: 2 }, { ttl: 100 })
  const way = await portWay(authority)
  const replica = connect(way.channel, { clock })
  const [list, key] = [replica.liveList("u"), replica.live("u", "a")]
  const seen: unknown[] = []
  list.subscribe(() => seen.push(list.get().map((entry) => entry.key)))
  key.subscribe(() => seen.push(key.get()))
  await Promise.all([list.ready, key.ready])
  await way.close()
  await vi.waitFor(() => expect(replica.status.get().connection).toBe("offline"))
  let batches = 0
  replica.status.subscribe(() => {
    batches += replica.status.get().pending
  })
  seen.length = 0
  await clock.pass(99)
  expect(seen).toEqual([])
  await clock.pass(1)
  expect(seen).toHaveLength(2)
  expect(seen).toEqual(expect.arrayContaining([[], undefined]))
  expect([await replica.count("u"), await replica.kinds()]).toEqual([0, []])

  await vi.waitFor(async () => {
    await clock.pass(15_000)
    expect(replica.status.get().connection).toBe("live")
  })
  expect([await replica.keys("u"), await authority.keys("u")]).toEqual([[], ["a", "b"]])
  expect(batches).toBe(0)
  await authorityClock.pass(100)
  await vi.waitFor(async () => {
    expect(await replica.history("u", "a")).toMatchObject([{ cause: "expired" }])
  })
  await replica.close()
  await authority.close()
})

it("G1 what ends while its write is still on its way is hidden all the same", async () => {
  const clock = new TestClock()
  const authority = openStore({ clock })
  const way = await portWay(authority)
  const replica = connect(way.channel, { clock })
  const list = replica.liveList("u")
  const seen: number[] = []
  list.subscribe(() => seen.push(list.get().length))
  await list.ready
  await way.close()
  await vi.waitFor(() => expect(replica.status.get().connection).toBe("offline"))
  const written = replica.set("u", "a", 1, { ttl: 100 })
  expect([list.get().length, replica.peek("u", "a")]).toEqual([1, 1])
  await clock.pass(100)
  expect([list.get().length, replica.peek("u", "a"), seen.at(-1)]).toEqual([0, undefined, 0])
  const settled = Promise.allSettled([written, replica.close()])
  await clock.pass(2_000)
  await settled
  await authority.close()
})
