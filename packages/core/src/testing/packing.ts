import type { Change } from "../change.ts"
import { StoreError } from "../errors.ts"
import { defineKinds, kind } from "../kinds.ts"
import type { Store } from "../store.ts"
import type { StoreOptions } from "../store-options.ts"
import { type ContractCase, contractCase } from "./case.ts"
import { holds, refuses, same, until } from "./claim.ts"
import { taggedCodec } from "./tagged.ts"

const kinds = defineKinds({ photos: kind({ codec: taggedCodec }) })
const options: StoreOptions = { kinds }

/** A fresh value of everything that the codec carries. */
const photo = (day = 1) => ({
  taken: new Date(day * 86_400_000),
  tags: new Set(["sea", "tide"]),
  pixels: new Uint8Array([day, 2, 255]),
})

/** What a store does with values that are not plain JSON: Z10. */
export const packingCases: readonly ContractCase[] = [
  contractCase(
    "Z10 what a codec carries comes back on every way of reading",
    async (store) => {
      const live = store.live("photos", "a")
      const list = store.liveList("photos", { orderBy: "taken" })
      await Promise.all([live.ready, list.ready])
      const told: Change[] = []
      const watch = store.watch("photos", { from: "current" })
      watch.subscribe((change) => void told.push(change))
      const pending = store.set("photos", "a", photo())
      same(
        [store.peek("photos", "a"), live.get(), list.get()[0]?.value],
        [photo(), photo(), photo()],
      )
      await pending
      same(await store.get("photos", "a"), photo())
      same((await store.entry("photos", "a"))?.value, photo())
      same((await store.list("photos"))[0]?.value, photo())
      for await (const { value } of store.scan("photos")) same(value, photo())
      same((await store.snapshot(["photos"])).entries[0]?.value, photo())
      same((await store.history("photos", "a"))[0]?.value, photo())
      same((await store.changes({ after: 0, kinds: ["photos"] }))[0]?.value, photo())
      same(await store.transaction((tx) => tx.get("photos", "a")), photo())
      same((await store.transaction((tx) => tx.list("photos")))[0]?.value, photo())
      await until(() => told.length > 0)
      same(told[0]?.value, photo())
      watch[Symbol.dispose]()
    },
    options,
  ),
  contractCase(
    "Z10 what a codec carries goes in on every way of writing",
    async (store) => {
      await store.setMany("photos", { a: photo(1), b: photo(2) })
      await store.update("photos", "a", (value) => ({ ...(value as object), tags: new Set() }))
      await store.transaction(async (tx) => {
        await tx.set("photos", "c", photo(3))
        same(await tx.get("photos", "c"), photo(3))
      })
      await store.commit({ ops: [{ type: "set", kind: "photos", key: "d", value: photo(4) }] })
      const values = (await store.list("photos")).map(({ value }) => value)
      same(values, [{ ...photo(1), tags: new Set() }, photo(2), photo(3), photo(4)])
      const changes = await store.changes({ after: 0, kinds: ["photos"] })
      same(changes.find(({ type }) => type === "update")?.previous, photo(1))
      same((await store.delete("photos", "d")).previous, photo(4))
      same((await store.set("photos", "b", photo(2))).outcome, "unchanged")
    },
    options,
  ),
  contractCase(
    "Z10 a query orders and compares Dates as milliseconds, those on their way too",
    async (store) => {
      await store.setMany("photos", { a: photo(3), b: photo(1) })
      const pending = store.set("photos", "c", photo(2))
      const keys = async (query: object) =>
        (await store.list("photos", query)).map(({ key }) => key)
      same(await keys({ orderBy: "taken" }), ["b", "c", "a"])
      same(await keys({ orderBy: { taken: "desc" }, limit: 2 }), ["a", "c"])
      same(await keys({ where: { taken: { $gt: 86_400_000 } } }), ["a", "c"])
      await pending
      same(await keys({ where: { taken: 2 * 86_400_000 } }), ["c"])
    },
    options,
  ),
  contractCase(
    "Z10 a value is out of reach of who wrote it, and of who reads it",
    async (store) => {
      const given = photo()
      const pending = store.set("photos", "a", given)
      given.taken.setTime(0)
      given.pixels[0] = 99
      same(store.peek("photos", "a"), photo())
      spoil(store.peek("photos", "a"))
      await pending
      const list = store.liveList("photos")
      await list.ready
      const live = store.live("photos", "a")
      await live.ready
      for (const value of await everywhere(store)) spoil(value)
      for (const value of await everywhere(store)) same(value, photo())
      same([live.get(), list.get()[0]?.value], [photo(), photo()])
      for (const value of [live.get(), list.get()[0]?.value]) spoil(value)
      for (const value of await everywhere(store)) same(value, photo())
      same((await store.set("photos", "a", photo())).outcome, "unchanged")
    },
    options,
  ),
  contractCase(
    "Z10 a live result gives the same objects until its entries change",
    async (store) => {
      await store.setMany("photos", { a: photo(1), b: photo(2) })
      const live = store.live("photos", "a")
      const list = store.liveList("photos")
      await Promise.all([live.ready, list.ready])
      const [value, entries] = [live.get(), list.get()]
      holds(live.get() === value && list.get() === entries, "nothing has changed")
      await store.set("photos", "b", photo(3))
      holds(live.get() === value, "the other key has changed")
      holds(list.get()[0] === entries[0] && list.get()[1] !== entries[1], "one entry has changed")
    },
    options,
  ),
  contractCase(
    "Z10 what a codec refuses is refused with kind and key, and nothing is written",
    async (store) => {
      const error = await refuses("invalid_value", () => store.set("photos", "a", { f: () => 1 }))
      same([error.details.kind, error.details.key, error.details.codec], ["photos", "a", "tagged"])
      holds(error.cause instanceof TypeError, "what the codec threw is the cause")
      same(store.peek("photos", "a"), undefined)
      const many = { a: photo(), b: { f: () => 1 } }
      await refuses("invalid_value", () => store.setMany("photos", many))
      same(await store.count("photos"), 0)
    },
    options,
  ),
  contractCase(
    "Z10 a dump carries what is stored, and a store that loads it reads and judges it",
    async (store, open) => {
      await store.setMany("photos", { a: photo(1), b: photo(2) })
      const lines: string[] = []
      for await (const line of store.dump()) lines.push(line)
      const other = await open(options)
      await other.load(lines)
      const values = (await other.list("photos")).map(({ value }) => value)
      same(values, [photo(1), photo(2)])
      await other.close()
      const stranger = await open()
      same((await refuses("unsupported", () => stranger.load(lines))).details.key, "a")
      await stranger.close()
    },
    options,
  ),
  contractCase(
    "Z10 an entry that cannot be read fails for who reads it, and for nobody else",
    async (store) => {
      await store.setMany("photos", { a: photo(), b: { $unreadable: 1 }, c: photo() })
      const error = await refuses("corrupt", () => store.get("photos", "b"))
      same([error.details.kind, error.details.key, error.details.codec], ["photos", "b", "tagged"])
      for (const read of [
        () => store.entry("photos", "b"),
        () => store.peek("photos", "b"),
        () => store.list("photos"),
        () => store.list("photos", { where: { tags: 1 } }),
        () => store.snapshot(["photos"]),
        () => store.history("photos", "b"),
        () => store.update("photos", "b", () => 1),
        () => store.transaction((tx) => tx.get("photos", "b")),
      ]) {
        same((await refuses("corrupt", read)).details.key, "b")
      }
      same(await store.get("photos", "a"), photo())
      same(await store.keys("photos"), ["a", "b", "c"])
      same(await store.count("photos"), 3)
      same((await store.list("photos", { prefix: "c" })).length, 1)
      same((await store.set("photos", "b", photo())).outcome, "updated")
      same((await store.list("photos")).length, 3)
      await store.set("photos", "b", { $unreadable: 2 })
      same(await store.delete("photos", "b"), { existed: true, previous: undefined })
      same(await store.get("photos", "b"), undefined)
    },
    options,
  ),
  contractCase(
    "Z10 a live result goes on without an entry that cannot be read, and says so",
    async (_, open) => {
      const reported: unknown[] = []
      const store = await open({ ...options, onError: (error) => void reported.push(error) })
      const live = store.live("photos", "a")
      const list = store.liveList("photos", { orderBy: "taken" })
      await Promise.all([live.ready, list.ready])
      await store.setMany("photos", { a: photo(1), b: photo(2) })
      await store.set("photos", "a", { $unreadable: 1 })
      same([live.status, list.status], ["failed", "failed"])
      for (const { error } of [live, list]) holds(StoreError.is(error, "corrupt"), "it tells why")
      same([live.get(), list.get().map(({ key }) => key)], [undefined, ["b"]])
      holds(reported.length > 0, "the errors were reported")
      const later = store.live("photos", "a")
      same(later.status, "failed")
      await store.set("photos", "a", photo(3))
      same([live.status, list.status], ["ready", "ready"])
      same([live.error, list.error], [undefined, undefined])
      same([live.get(), list.get().map(({ key }) => key)], [photo(3), ["b", "a"]])
      await store.close()
    },
  ),
  contractCase(
    "Z10 a watch ends with the error at a change that cannot be read; one of others goes on",
    async (store) => {
      const ended: unknown[] = []
      const told: string[] = []
      store.watch("photos").subscribe({ error: (error) => void ended.push(error.details.key) })
      store.watch(["photos", "b"]).subscribe(({ key }) => void told.push(key))
      await store.set("photos", "a", { $unreadable: 1 })
      await store.set("photos", "b", photo())
      await until(() => ended.length > 0 && told.length > 0)
      same([ended, told], [["a"], ["b"]])
    },
    options,
  ),
]

/** The value of the one photo, read in every way that gives it out. */
async function everywhere(store: Store): Promise<readonly unknown[]> {
  const change = await new Promise<Change>((resolve) => {
    store.watch("photos", { from: "current" }).subscribe(resolve)
  })
  return [
    store.peek("photos", "a"),
    await store.get("photos", "a"),
    (await store.entry("photos", "a"))?.value,
    (await store.list("photos"))[0]?.value,
    (await store.snapshot(["photos"])).entries[0]?.value,
    (await store.history("photos", "a"))[0]?.value,
    (await store.changes({ after: 0, kinds: ["photos"] }))[0]?.value,
    await store.transaction((tx) => tx.get("photos", "a")),
    change.value,
  ]
}

/** Changes all of a value that lets itself be changed. */
function spoil(value: unknown): void {
  const { taken, tags, pixels } = value as ReturnType<typeof photo>
  pixels.fill(0)
  for (const change of [() => taken.setTime(0), () => tags.add("spoilt"), () => tags.clear()]) {
    try {
      change()
    } catch (error) {
      holds(error instanceof TypeError, "it refuses to be changed, as what is frozen does")
    }
  }
}
