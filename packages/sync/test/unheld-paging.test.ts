import type { Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { connect } from "@tidemark/sync"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { inProcess } from "./channels.ts"

/** So many that no answer has all of them. */
const MANY = 2_600
const places = Array.from(
  { length: MANY },
  (_, n) =>
    [`p${String(n).padStart(4, "0")}`, { size: (n * 37) % MANY, open: n % 3 === 0 }] as const,
)
let authority: Store
let replica: Store
let end: () => Promise<void>
beforeEach(async () => {
  authority = openStore()
  await authority.setMany("places", places)
  const served = await inProcess(authority, { authorization: { principal: "test" } })
  replica = connect(served.channel, { follow: [{ kind: "places", hold: false }, "notes"] })
  end = async () => {
    await replica.close()
    await served.close()
    await authority.close()
  }
})
afterEach(() => end())

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

describe("C6 a kind that is not held, larger than an answer", () => {
  it("is listed page by page in any order, as on the authority, each entry once", async () => {
    for (const order of [{}, { reverse: true }, { orderBy: "size" }] as const) {
      const keys: string[] = []
      for (let after: Awaited<ReturnType<Store["list"]>>[number] | undefined; ; ) {
        const place = after === undefined ? {} : { after: "orderBy" in order ? after : after.key }
        const page = await replica.list("places", { ...order, limit: 700, ...place })
        for (const { key } of page) keys.push(key)
        after = page.at(-1)
        if (page.length < 700) break
      }
      expect(keys).toEqual(await authority.keys("places", order))
      const second = { ...order, offset: 1_500, limit: 20 }
      expect(await replica.keys("places", second)).toEqual(await authority.keys("places", second))
    }
  })

  it("is scanned whole while others write: what stays there comes, once", async () => {
    const keys: string[] = []
    for await (const { key } of replica.scan("places", { where: { open: true } })) {
      keys.push(key)
      if (keys.length !== 500) continue
      await authority.set("places", "p0000a", { size: 0, open: true })
      await replica.set("places", "p9999", { size: 0, open: true })
      await authority.delete("places", "p2598")
    }
    const stays = places.filter(([key, { open }]) => open && key !== "p2598").map(([key]) => key)
    expect(keys).toEqual([...stays, "p9999"])
  })

  it("is deleted as a query says, also what comes to pass it meanwhile, and nothing else", async () => {
    const written = authority.set("places", "p0001", { size: -1, open: true })
    const deleted = await replica.deleteMany("places", { where: { open: true } })
    await written
    expect(deleted + (await authority.count("places"))).toBe(MANY)
    const left = await authority.list("places", { where: { open: true } })
    expect(left.length).toBeLessThan(2) // What was written after the last look stays.
    expect(await replica.list("places")).toEqual(await authority.list("places"))
    expect(await replica.deleteMany("places")).toBe(MANY - deleted)
    expect(await authority.count("places")).toBe(0)
  })

  it("is dumped at one position, also while others write, and another store takes it", async () => {
    await replica.set("notes", "a", 1)
    const lines: string[] = []
    for await (const line of replica.dump()) {
      lines.push(line)
      if (lines.length !== 10) continue
      await authority.setMany("places", { p0000: { size: -5, open: true }, p2599: null })
      await authority.delete("places", "p1300")
    }
    const copy = openStore()
    await copy.load(lines)
    const pairs = (await copy.list("places")).map(({ key, value }) => [key, value])
    expect(pairs).toEqual(places)
    expect(await copy.get("notes", "a")).toBe(1)
    await copy.close()
    expect(await all(replica.dump({ kinds: ["notes"] }))).toHaveLength(2)
  })
})
