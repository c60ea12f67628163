import { type ContractCase, contractCase } from "./case.ts"
import { holds, same } from "./claim.ts"

/** What of a live result must stay the very same object: Z3. */
export const retainingCases: readonly ContractCase[] = [
  contractCase(
    "Z3 what has not changed in the value of a live key keeps its identity",
    async (store) => {
      await store.set("u", "a", album(1))
      const live = store.live("u", "a")
      await live.ready
      const before = live.get() as Album
      let told = 0
      live.subscribe(() => told++)
      await store.set("u", "a", album(2))
      const after = live.get() as Album
      same(after, album(2))
      holds(after !== before, "the value is another one")
      holds(after.cover === before.cover, "what has not changed is the same object")
      holds(after.songs[0] === before.songs[0], "an item of a list too")
      holds(Object.isFrozen(after) && Object.isFrozen(after.songs), "it is frozen")
      const [first] = after.songs
      await store.set("u", "a", { ...album(2), songs: album(2).songs.slice(1) })
      const shorter = live.get() as Album
      same(shorter.songs.length, 1)
      holds(shorter.songs[0] === after.songs[1], "an item that moves up is the same object")
      holds(shorter.songs[0] !== first, "and no other")
      same(told, 2, "each write is told once, not again when it is confirmed")
    },
  ),
  contractCase("Z3 what has not changed in a live list keeps its identity", async (store) => {
    await store.setMany("u", { a: album(1), b: album(1), c: album(1) })
    const live = store.liveList("u", { where: { year: { $gt: 0 } }, orderBy: { year: "desc" } })
    await live.ready
    live.subscribe(() => {})
    const [a, b, c] = live.get()
    await store.set("u", "b", album(2))
    const [first, second, third] = live.get()
    holds(second === a && third === c, "entries that did not change are the same")
    const [before, after] = [b?.value as Album, first?.value as Album]
    same(after, album(2))
    holds(
      after.cover === before.cover && after.songs[0] === before.songs[0],
      "unchanged parts are too",
    )
    await store.transaction(async (tx) => {
      await tx.delete("u", "a")
      await tx.set("u", "a", album(1))
    })
    const rewritten = live.get().find(({ key }) => key === "a")
    holds(rewritten?.value === a?.value, "a value that came back is the one that was there")
  }),
  contractCase("Z3 entries that are read again are those that were shown", async (store) => {
    const keys = Array.from({ length: 120 }, (_, n) => `k${String(n).padStart(3, "0")}`)
    await store.setMany(
      "u",
      keys.map((key, n) => [key, album(n)] as const),
    )
    const live = store.liveList("u", { limit: 4, orderBy: "year" })
    live.subscribe(() => {})
    await live.ready
    // So many leave that the list is read again.
    const last = live.get()[3]
    await store.deleteMany("u", { prefix: "k00", limit: 3 })
    for (const key of keys.slice(4, 80)) await store.delete("u", key)
    await live.ready
    same(
      live.get().map(({ key }) => key),
      ["k003", "k080", "k081", "k082"],
    )
    holds(live.get()[0] === last, "what was shown before is the same entry")
  }),
]

interface Album {
  readonly year: number
  readonly cover: { readonly colours: readonly string[] }
  readonly songs: readonly { readonly title: string; readonly length: number }[]
}

/** The n-th edition: its second song is another take. */
function album(n: number): Album {
  return {
    year: n,
    cover: { colours: ["blue", "white"] },
    songs: [
      { title: "Ebb", length: 200 },
      { title: "Flood", length: 180 + n },
    ],
  }
}
