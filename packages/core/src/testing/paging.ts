import { host } from "../host.ts"
import type { Query } from "../query.ts"
import type { Store } from "../store.ts"
import { type ContractCase, contractCase } from "./case.ts"
import { holds, refuses, same } from "./claim.ts"

/** What paging and iteration must show: G3. */
export const pagingCases: readonly ContractCase[] = [
  contractCase(
    "G3 pages by cursor, by offset and by scan go in the byte order of keys",
    async (store) => {
      const keys = ["", "A", "Z", "a", "a\u0000", "a%", "aa", "é", "\uffee", "\u{1f600}"]
      await store.setMany(
        "k",
        keys.toReversed().map((key) => [key, 1] as const),
      )
      for (const limit of [1, 3, 100]) {
        same(await pagedByCursor(store, "k", { limit }), keys, `by cursor, ${limit} at a time`)
        same(await pagedByOffset(store, "k", { limit }), keys, `by offset, ${limit} at a time`)
      }
      same(await scanned(store, "k"), keys)
      same(await store.keys("k", { after: "a", limit: 2, offset: 1 }), ["a%", "aa"])
      same(await store.keys("k", { after: "a\u0001" }), ["a%", "aa", "é", "\uffee", "\u{1f600}"])
      same(await store.keys("k", { after: "é", reverse: true, limit: 2 }), ["aa", "a%"])
      same(await store.keys("k", { after: "a", prefix: "a" }), ["a\u0000", "a%", "aa"])
      for (const prefix of ["", "a", "b"]) {
        for (const after of [undefined, ...keys]) {
          const query = { prefix, reverse: true, ...(after === undefined ? {} : { after }) }
          const order = keys.toReversed()
          const wanted = order
            .slice(after === undefined ? 0 : order.indexOf(after) + 1)
            .filter((key) => key.startsWith(prefix))
          same(await scanned(store, "k", query), wanted, JSON.stringify(query))
          same(await store.keys("k", { ...query, limit: 2 }), wanted.slice(0, 2))
          same(await store.at(store.position).keys("k", query), wanted, "in the past")
        }
      }
      same(await store.keys("k", { after: "zz", prefix: "a" }), [])
      same(await store.count("k", { after: "a", limit: 1, offset: 1 }), keys.length)
    },
  ),
  contractCase(
    "G3 a cursor is an entry where fields order, with ties, gaps and both ways round",
    async (store) => {
      const values = [1, 2, 2, 2, null, "2", true, false, undefined, undefined].map((x, n) =>
        x === undefined ? { y: n % 3 } : { x, y: n % 3 },
      )
      await store.setMany(
        "t",
        values.map((value, n) => [`k${n}`, value] as const),
      )
      const orders: Query[] = [
        { orderBy: "x" },
        { orderBy: { x: "desc" } },
        { orderBy: ["x", { y: "desc" }] },
        { orderBy: "x", reverse: true },
        { orderBy: "x", where: { y: { $lt: 2 } } },
        { reverse: true },
      ]
      for (const query of orders) {
        const all = await store.keys("t", query)
        for (const limit of [1, 3]) {
          same(await pagedByCursor(store, "t", { ...query, limit }), all, JSON.stringify(query))
          same(await pagedByOffset(store, "t", { ...query, limit }), all, JSON.stringify(query))
        }
      }
      const last = { key: "k1", value: { x: 2 } }
      same(await store.keys("t", { orderBy: "x", after: last, limit: 2 }), ["k2", "k3"])
    },
  ),
  contractCase(
    "G3 a page by cursor neither repeats nor leaves out what stays, whatever is written between",
    async (store) => {
      await store.setMany("u", numbered(12))
      const [first = [], query] = [await store.list("u", { limit: 4 }), { limit: 4 }]
      same(
        first.map(({ key }) => key),
        ["k00", "k01", "k02", "k03"],
      )
      await store.delete("u", "k03") // The cursor itself.
      await store.delete("u", "k05")
      await store.setMany("u", { k000: 1, k031: 1, k041: 1 })
      const second = await store.keys("u", { ...query, after: "k03" })
      same(second, ["k031", "k04", "k041", "k06"])
      const ordered = { orderBy: { n: "desc" }, limit: 3 } as const
      const front = await store.list("u", ordered)
      const behind = front.at(-1)
      holds(behind !== undefined, "there is a last one")
      await store.set("u", "k04", { n: 99 }) // To the front: it is not told again.
      await store.delete("u", behind.key)
      same(await store.keys("u", { ...ordered, after: behind }), ["k08", "k07", "k06"])
    },
  ),
  contractCase("G3 a cursor shows own writes that are still on their way", async (store) => {
    await store.setMany("u", numbered(4))
    const writes = [store.set("u", "k011", 1), store.delete("u", "k02"), store.set("u", "k9", 1)]
    const page = store.keys("u", { after: "k01" })
    const scan = scanned(store, "u", { after: "k01" })
    same(await page, ["k011", "k03", "k9"])
    same(await scan, ["k011", "k03", "k9"])
    await Promise.all(writes)
  }),
  contractCase(
    "G3 a live list begins behind its cursor, and a transaction's list too",
    async (store) => {
      await store.setMany("u", numbered(9))
      const byKey = store.liveList("u", { after: "k03", limit: 2 })
      const cursor = { key: "k03", value: { n: 3 } }
      const ordered = store.liveList("u", { orderBy: "n", after: cursor, limit: 2 })
      for (const live of [byKey, ordered]) live.subscribe(() => {})
      await Promise.all([byKey.ready, ordered.ready])
      const keys = () => [byKey, ordered].map((live) => live.get().map(({ key }) => key))
      same(keys(), [
        ["k04", "k05"],
        ["k04", "k05"],
      ])
      await store.set("u", "k04", { n: 2 })
      await store.set("u", "k00", { n: 3.5 })
      same(keys(), [
        ["k04", "k05"],
        ["k00", "k05"],
      ])
      await store.transaction(async (tx) => {
        await tx.set("u", "k044", { n: 1 })
        const page = await tx.list("u", { after: "k04", limit: 2 })
        same(
          page.map(({ key }) => key),
          ["k044", "k05"],
        )
      })
      holds(
        store.liveList("u", {
          orderBy: "n",
          after: { key: "k03", value: { n: 3, m: 1 } },
          limit: 2,
        }) === ordered,
        "of a cursor only what orders makes a difference",
      )
    },
  ),
  contractCase("G3 a cursor that does not fit its order is refused", async (store) => {
    const bad: unknown[] = [7, null, {}, { key: "a" }, { value: 1 }]
    for (const after of bad)
      await refuses("invalid_value", () => store.list("u", { after } as Query))
    await refuses("invalid_value", () => store.keys("u", { orderBy: "n", after: "a" }))
    await refuses("invalid_value", () => store.liveList("u", { orderBy: "n", after: "a" }))
    await refuses("invalid_value", () => store.scan("u", { after: {} } as unknown as Query))
    await refuses("invalid_key", () => store.list("u", { after: "\ud800" }))
    await refuses("invalid_key", () => store.list("u", { prefix: "\ud83d" }))
  }),
  contractCase("G3 a scan filters, pages and stops early", async (store) => {
    await store.setMany("u", numbered(30))
    same(await scanned(store, "u", { where: { n: { $gte: 28 } } }), ["k28", "k29"])
    same(await scanned(store, "u", { prefix: "k1", after: "k13", offset: 1, limit: 2 }), [
      "k15",
      "k16",
    ])
    same(await scanned(store, "u", { limit: 0 }), [])
    same(await scanned(store, "nobody"), [])
    const seen: string[] = []
    for await (const { key } of store.scan("u")) if (seen.push(key) === 3) break
    same(seen, ["k00", "k01", "k02"])
    const twice = store.scan("u", { prefix: "k2", limit: 2 })
    for (let loop = 0; loop < 2; loop++) {
      const keys: string[] = []
      for await (const { key } of twice) keys.push(key)
      same(keys, ["k20", "k21"], "each loop begins anew")
    }
    await refuses("unsupported", () => store.scan("u", { orderBy: "n" }))
    same(await scanned(store, "u", { reverse: true, after: "k13", prefix: "k1", offset: 1 }), [
      "k11",
      "k10",
    ])
  }),
  contractCase(
    "G3 writes during a scan are safe: what stays comes once, in order",
    async (store) => {
      await store.setMany("u", numbered(1_200))
      const seen: string[] = []
      for await (const { key, value } of store.scan("u")) {
        seen.push(key)
        const { n } = value as { n: number }
        if (n % 100 !== 0) continue
        await store.set("u", `a${n}`, { n: 1 }) // Behind us: not seen.
        await store.set("u", key, { n: n + 0.5 }) // Here: not seen twice.
        await store.delete("u", `k${String(n + 600).padStart(4, "0")}`) // Far ahead: not seen.
      }
      const expected = numbered(1_200).filter(([, { n }]) => n < 600 || n % 100 !== 0)
      same(seen.length, expected.length)
      same(
        seen,
        expected.map(([key]) => key),
      )
    },
  ),
  contractCase("Z17 a scan ends with its signal, and with its store", async (store, open) => {
    await store.setMany("u", numbered(5))
    const controller = new host.AbortController()
    const seen: string[] = []
    await refuses("aborted", async () => {
      for await (const { key } of store.scan("u", {}, { signal: controller.signal })) {
        seen.push(key)
        if (seen.length === 2) controller.abort()
      }
    })
    same(seen, ["k00", "k01"])
    const other = await open()
    await other.setMany("u", numbered(5))
    await refuses("closed", async () => {
      for await (const _ of other.scan("u")) await other.close()
    })
    await refuses("closed", () => other.scan("u"))
  }),
]

function numbered(count: number): (readonly [string, { readonly n: number }])[] {
  const digits = Math.max(2, String(count - 1).length)
  return Array.from(
    { length: count },
    (_, n) => [`k${String(n).padStart(digits, "0")}`, { n }] as const,
  )
}

async function pagedByCursor(store: Store, kind: string, query: Query): Promise<string[]> {
  const keys: string[] = []
  let page = await store.list(kind, query)
  for (let last = page.at(-1); last !== undefined; last = page.at(-1)) {
    keys.push(...page.map(({ key }) => key))
    page = await store.list(kind, {
      ...query,
      after: query.orderBy === undefined ? last.key : last,
    })
  }
  return keys
}

async function pagedByOffset(store: Store, kind: string, query: Query): Promise<string[]> {
  const keys: string[] = []
  let page: readonly string[] = []
  do {
    page = await store.keys(kind, { ...query, offset: keys.length })
    keys.push(...page)
  } while (page.length > 0)
  return keys
}

async function scanned(store: Store, kind: string, query: Query = {}): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of store.scan(kind, query)) keys.push(key)
  return keys
}
