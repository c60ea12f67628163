import { scopeContract, storeContract } from "@tidemark/core/testing"
import { describe, it } from "vitest"
import { openReplica, portWay } from "./replicas.ts"

/** Every kind that the contract writes: none of them is held. */
const KINDS =
  `a b app/tasks app/users brief constructor copies count counters drafts effects k long m n
  new other others photos plain sessions slow sums t tasks texts toString total u ui unruly unsure
  user/1 user/2 users v w words __proto__ مرحبا %_`
    .split(/\s+/)
    .concat("\n", "a\u0000b", "a'; DROP TABLE kv; --")

const follow = KINDS.map((kind) => ({ kind, hold: false }))

/** What is not so where nothing is held, and why. */
const gaps: Readonly<Record<string, string>> = {
  "Z4 a store's own kinds are hidden from a watch of everything, but can be watched by name":
    "an authority lets nobody else write its own kinds",
  ...because("an authority refuses what it cannot read", [
    "Z10 an entry that cannot be read fails for who reads it, and for nobody else",
    "Z10 a live result goes on without an entry that cannot be read, and says so",
    "Z10 a watch ends with the error at a change that cannot be read; one of others goes on",
  ]),
  ...because("the log is the authority's, and pruned there", [
    "Z5 a watch behind a log that was let go of ends with position_too_old",
    "Z5 a watch that asks for it goes on with the newest state of all that changed since, deletes too",
    "Z5 where deletes are forgotten too, it begins anew with all there is, and says so",
    "Z5 pruning keeps the present and what is promised, and refuses older positions",
  ]),
  ...because("what has ended is deleted where it is held", [
    "G1 purge deletes what has ended now, and says how much",
    "G1 a clock that goes back shows again what nobody has deleted meanwhile",
  ]),
  "Z6 close tells a subscriber everything that was committed, however far behind it is":
    "a replica that closes asks nothing more",
  ...Object.fromEntries(
    scopeContract.map(({ name }) => [name, "a scope is served by its authority, as a store"]),
  ),
}

const isGap = (name: string) =>
  name in gaps || (name.startsWith("E8 ") && !name.startsWith("E8 what cannot name"))

// The other channels carry the same questions: `unheld.test.ts` asks over them too.
describe("Z12 the store contract on a replica that holds nothing, over a MessagePort", () => {
  for (const { name, run } of storeContract) {
    const test = isGap(name) ? it.fails : it
    const quiet = isGap(name) ? { onError() {} } : {}
    // What is waited for in vain need not be waited for long.
    test(name, { timeout: isGap(name) ? 2_000 : 60_000 }, () =>
      run(
        async (options) => (await openReplica(portWay, { ...options, ...quiet, follow })).replica,
      ),
    )
  }
})

function because(reason: string, names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, reason]))
}
