import { type Change, type Entry, type Store, StoreError } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { TestClock } from "@tidemark/core/testing"
import { changes$, inTurn, toEntries } from "@tidemark/rxjs"
import { connect, serve } from "@tidemark/sync"
import { inProcessChannel } from "@tidemark/sync/in-process"
import { of, retry, throwError } from "rxjs"
import { afterEach, beforeEach, expect, it } from "vitest"

let clock: TestClock
let authority: Store
let replica: Store
let links: Set<() => void>

beforeEach(async () => {
  clock = new TestClock()
  authority = openStore({ clock })
  links = new Set()
  const channel = inProcessChannel((end) => {
    const stop = serve(authority, end, {
      authorization: { principal: "test" },
      onEnd: () => links.delete(stop),
    })
    links.add(stop)
  })
  replica = connect(channel, { clock, random: () => 0.5 })
  await clock.pass(0)
})
afterEach(async () => {
  await replica.close()
  await authority.close()
})

it("C2 changes$ goes on over a link that is cut again and again: none is lost, and none comes twice", async () => {
  const seen: Change[] = []
  changes$(replica, "*").subscribe((change) => seen.push(change))
  const written: Promise<unknown>[] = []
  for (let n = 1; n <= 200; n++) {
    written.push(authority.set("theirs", `k${n % 10}`, n))
    if (n % 3 === 0) written.push(replica.set("ours", `k${n % 7}`, n))
    if (n % 7 === 0) cut()
    if (n % 11 === 0) await clock.pass(700)
  }
  await untilLevel()
  await Promise.all(written)
  const all = await authority.changes({ after: 0 })
  expect(seen.map(told)).toEqual(all.filter(({ kind }) => !kind.startsWith("tidemark:")).map(told))
  expect(seen).toHaveLength(266)
})

it("C2 changes$ goes on after the seq it was given, with what came while nobody watched and no link was open", async () => {
  const first: Change[] = []
  const subscription = changes$(replica, "orders").subscribe((change) => first.push(change))
  for (const key of ["a", "b"]) await authority.set("orders", key, 1)
  await untilLevel()
  subscription.unsubscribe()
  cut()
  for (const key of ["c", "d"]) await authority.set("orders", key, 1)
  await untilLevel()

  const rest: Change[] = []
  const from = first.at(-1)?.seq ?? Number.NaN
  changes$(replica, "orders", { from }).subscribe((change) => rest.push(change))
  await authority.set("orders", "e", 1)
  await untilLevel()
  expect([first, rest].map((changes) => changes.map(({ key }) => key))).toEqual([
    ["a", "b"],
    ["c", "d", "e"],
  ])
})

it("C2 an observer that has read all is told the difference when the authority has forgotten what came meanwhile", async () => {
  const seen: unknown[] = []
  changes$(replica, "orders").subscribe(({ type, key, value }) => seen.push([type, key, value]))
  await authority.setMany("orders", { a: 1, b: 1 })
  await untilLevel()
  await forgetful()
  await untilLevel()
  expect(seen.slice(0, 2)).toEqual([
    ["create", "a", 1],
    ["create", "b", 1],
  ])
  expect(seen.slice(2)).toEqual([
    ["update", "a", 20],
    ["delete", "b", 1],
  ])
})

it("C2 one that has not, fails with position_too_old, and retry() begins anew with what is there", async () => {
  let entries: ReadonlyMap<string, Entry> = new Map()
  const failures: unknown[] = []
  let go = () => {}
  changes$(replica, "orders", { buffer: 1 })
    .pipe(
      inTurn(async (change) => {
        await new Promise<void>((resolve) => {
          go = resolve
        })
        return change
      }),
      toEntries(),
      retry({
        delay(error) {
          failures.push(error)
          return StoreError.is(error, "position_too_old") ? of(true) : throwError(() => error)
        },
      }),
    )
    .subscribe((map) => {
      entries = map
    })
  await authority.set("orders", "a", 1)
  await authority.set("orders", "b", 1)
  await untilLevel()
  await forgetful()
  await untilLevel()
  while (entries.get("a")?.value !== 20) {
    go()
    await clock.pass(10)
  }
  expect(failures).toMatchObject([{ code: "position_too_old" }])
  expect([...entries.keys()]).toEqual(["a"])
})

function cut(): void {
  for (const stop of [...links]) stop()
}

/** Lets time pass until the replica has all that the authority has, and the other way round. */
async function untilLevel(): Promise<void> {
  const isLevel = () =>
    links.size > 0 && replica.status.get().pending === 0 && replica.position === authority.position
  do await clock.pass(100)
  while (!isLevel())
}

/** Cuts the link, changes orders, and lets go of the changes and the tombstones. */
async function forgetful(): Promise<void> {
  cut()
  for (let n = 1; n <= 20; n++) await authority.set("orders", "a", n)
  await authority.delete("orders", "b")
  await authority.prune({ changes: 0, versions: 0, tombstones: 0 })
}

function told({ seq, type, kind, key, value }: Change): unknown[] {
  return [seq, type, kind, key, value]
}
