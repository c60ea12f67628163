import type { Store } from "@tidemark/core"
import { scopeContract, storeContract } from "@tidemark/core/testing"
import { describe, it } from "vitest"
import { openReplica, portWay, ways } from "./replicas.ts"

/** What a replica does not hold, and why. */
const gaps: Readonly<Record<string, string>> = {
  "Z4 a store's own kinds are hidden from a watch of everything, but can be watched by name":
    "an authority lets nobody else write its own kinds",
  "Z10 an entry that cannot be read fails for who reads it, and for nobody else":
    "an authority refuses what it cannot read",
  "Z10 a live result goes on without an entry that cannot be read, and says so":
    "an authority refuses what it cannot read",
  "Z10 a watch ends with the error at a change that cannot be read; one of others goes on":
    "an authority refuses what it cannot read",
  ...Object.fromEntries(
    scopeContract.map(({ name }) => [name, "a scope is served by its authority, as a store"]),
  ),
}

/** A consumer keeps its position in one of the authority's own kinds, and so runs where that is. */
const isGap = (name: string) =>
  name in gaps || (name.startsWith("E8 ") && !name.startsWith("E8 what cannot name"))

const all = {
  ...ways,
  "a MessagePort, to a scope": (authority: Store) =>
    portWay(authority.scope("a/b", { keys: 1_000_000 }).scope("ü")),
}

describe.each(Object.entries(all))("Z12 the store contract on a replica over %s", (_, way) => {
  for (const { name, run } of storeContract) {
    // A gap is run as a failure that is expected, so that it is taken off the list when it closes.
    const test = isGap(name) ? it.fails : it
    const quiet = isGap(name) ? { onError() {} } : {}
    test(name, () =>
      run(async (options) => (await openReplica(way, { ...options, ...quiet })).replica),
    )
  }
})
