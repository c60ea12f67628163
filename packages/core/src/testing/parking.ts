import type { Handler } from "../consume.ts"
import { type ContractCase, contractCase } from "./case.ts"
import { refuses, same } from "./claim.ts"
import { reached, started } from "./consumed.ts"

/** Where consumers keep their positions, and what they could not handle. */
const [CONSUMERS, PARKED] = ["tidemark:consumers", "tidemark:parked"]

/** A consumer in trouble, and at its end: handlers that fail, parked changes, another instance: E8. */
export const parkingCases: readonly ContractCase[] = [
  contractCase("E8 a handler that throws leaves no trace, and is tried again", async (store) => {
    const attempts: (readonly [string, number])[] = []
    const consumer = store.consume(
      "c",
      "u",
      async ({ key }, tx, { attempt }) => {
        attempts.push([key, attempt])
        await tx.set("effects", key, attempt)
        if (key === "b" && attempt < 3) throw new Error("not yet")
      },
      { from: 0, retry: { first: 0 } },
    )
    await started(consumer)
    await store.setMany("u", { a: 1, b: 1 })
    await store.set("u", "c", 1)
    await reached(consumer, () => store.peek("effects", "c") === 1)
    same([await store.get("effects", "a"), await store.get("effects", "b")], [1, 3])
    same((await store.history("effects", "b")).length, 1)
    same(
      attempts.filter(([key]) => key === "b").map(([, attempt]) => attempt),
      [1, 2, 3],
    )
    same(await consumer.parked(), [])
  }),
  contractCase(
    "E8 a change that keeps failing is parked, the rest of its batch is not, and the flow goes on",
    async (store) => {
      let broken = true
      const handler: Handler = async ({ key, value }, tx) => {
        await tx.set("effects", key, value)
        if (broken && key === "b") throw new TypeError(`no ${key}`)
      }
      const consumer = store.consume("a/b", "u", handler, { retry: { tries: 3, first: 0 } })
      await started(consumer)
      await store.commit({ ops: ["a", "b", "c"].map(setOne), origin: "me" })
      await store.set("u", "d", 1)
      await reached(consumer, () => store.peek("effects", "d") === 1)
      same(await store.keys("effects"), ["a", "c", "d"])
      const [parked] = await consumer.parked()
      const { kind, key, value, origin } = parked?.change ?? {}
      same([kind, key, value, origin], ["u", "b", 1, "me"])
      same(
        [parked?.consumer, parked?.tries, parked?.error],
        ["a/b", 3, { name: "TypeError", message: "no b" }],
      )

      same(await consumer.replayParked(), { handled: 0, left: 1 })
      same(
        (await consumer.parked()).map(({ tries }) => tries),
        [4],
      )
      broken = false
      same(await consumer.replayParked(), { handled: 1, left: 0 })
      same([await store.get("effects", "b"), await consumer.parked()], [1, []])
      same(await store.count(PARKED), 0)
      same((await store.history("effects", "b")).length, 1)
    },
    { onError: () => {} },
  ),
  contractCase(
    "E8 what the commit refuses is parked too, and nothing else with it",
    async (store) => {
      const handler: Handler = async ({ key }, tx) => {
        if (key !== "b") return tx.set("effects", key, 1)
        // What is expected holds while it is staged, and never at the commit.
        const entry = await tx.entry("effects", "hot")
        await store.set("effects", "hot", (entry?.version ?? 0) + 1)
      }
      const consumer = store.consume("c", "u", handler, { from: 0, retry: { tries: 2, first: 0 } })
      await started(consumer)
      for (const key of ["a", "b", "c"]) await store.set("u", key, 1)
      await reached(consumer, () => store.peek("effects", "c") === 1)
      const parked = await consumer.parked()
      same(
        parked.map(({ change, error }) => [change.key, "code" in error && error.code]),
        [["b", "conflict"]],
      )
    },
    { onError: () => {} },
  ),
  contractCase(
    "E8 parked changes are told in the order of the log, each consumer its own",
    async (store) => {
      const fail: Handler = () => {
        throw new RangeError("no")
      }
      let last = 0
      for (let n = 0; n < 12; n++) last = (await store.set("u", `k${n}`, n)).seq
      const options = { from: 0, retry: { tries: 1 } }
      const consumers = ["c", "c/", "%63"].map((name) => store.consume(name, "u", fail, options))
      for (const consumer of consumers) {
        await reached(consumer, () => consumer.position >= last)
        const parked = await consumer.parked()
        same(
          parked.map(({ change }) => change.value),
          Array.from({ length: 12 }, (_, n) => n),
        )
        same(parked[0]?.error, { name: "RangeError", message: "no" })
      }
    },
    { onError: () => {} },
  ),
  contractCase(
    "E8 a newer instance takes over; the older one stops with conflict, and its work is not written",
    async (store) => {
      const told: boolean[] = []
      let release = () => {}
      const held = new Promise<void>((resolve) => {
        release = resolve
      })
      const old = store.consume("c", "u", async ({ key }, tx, { signal }) => {
        await tx.set("effects", key, "old")
        told.push(signal.aborted)
        await held
        told.push(signal.aborted)
      })
      await started(old)
      await store.set("u", "a", 1)
      await reached(old, () => told.length === 1)
      const young = store.consume("c", "u", ({ key }, tx) => tx.set("effects", key, "young"))
      const error = await refuses("conflict", () => old.ended)
      same([error.details.consumer, old.status.get().state], ["c", "stopped"])
      release()
      await reached(young, () => store.peek("effects", "a") !== undefined)
      same([await store.get("effects", "a"), told], ["young", [false, true]])
      same((await store.history("effects", "a")).length, 1)
      await refuses("closed", () => old.replayParked())
      await old.close()
    },
    { onError: () => {} },
  ),
  contractCase(
    "E8 a consumer without its record stops",
    async (store) => {
      const consumer = store.consume("c", "u", () => {})
      await started(consumer)
      await store.delete(CONSUMERS, "c")
      await refuses("conflict", () => consumer.ended)
    },
    { onError: () => {} },
  ),
  contractCase("E8 closing waits for the handler that runs, and begins no other", async (store) => {
    const seen: string[] = []
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const consumer = store.consume("c", "u", async ({ key }, tx, { signal }) => {
      seen.push(key)
      signal.addEventListener("abort", () => seen.push("abort"))
      await held
      await tx.set("effects", key, 1)
    })
    await started(consumer)
    await Promise.all(["a", "b"].map((key) => store.set("u", key, 1)))
    await reached(consumer, () => seen.length === 1)
    const closing = store.close()
    same([seen, consumer.status.get().state], [["a", "abort"], "following"])
    release()
    await closing
    await consumer.ended
    same([seen, consumer.status.get().state], [["a", "abort"], "closed"])
    same(consumer.lag.status, "closed")
    await refuses("closed", () => store.consume("c", "u", () => {}))
  }),
  contractCase("E8 what cannot name or make a consumer is refused", async (store) => {
    for (const bad of ["", "\ud800", 1 as never]) {
      await refuses("invalid_key", () => store.consume(bad, "u", () => {}))
    }
    await refuses("invalid_key", () => store.consume("c", "", () => {}))
    const options = [
      { from: -1 },
      { from: 1.5 },
      { batch: 0 },
      { retry: { tries: 0 } },
      { retry: { first: -1 } },
      { onGap: "x" as never },
    ]
    for (const bad of options) {
      await refuses("invalid_value", () => store.consume("c", "u", () => {}, bad))
    }
    same([await store.count(CONSUMERS), store.position], [0, 0])
  }),
]

function setOne(key: string) {
  return { type: "set" as const, kind: "u", key, value: 1 }
}
