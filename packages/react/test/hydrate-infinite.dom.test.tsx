import { act } from "@testing-library/react"
import type { Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { type InfiniteKind, useInfiniteKind } from "@tidemark/react"
import { type DehydratedState, dehydrate } from "@tidemark/react/server"
import { beforeEach, describe, expect, it } from "vitest"
import { openFollower } from "./follower.ts"
import { hydrate } from "./hydrate.tsx"

let shown: InfiniteKind<{ readonly key: string }>
let drawn: string[] = []

function Rows() {
  shown = useInfiniteKind("rows", { limit: 2 })
  const text = `${shown.entries.map(({ key }) => key).join("")}${shown.hasMore ? "…" : "."}`
  drawn.push(text)
  return <b>{text}</b>
}

function All() {
  const { entries, hasMore } = useInfiniteKind("rows")
  return <b>{`${entries.length} ${hasMore}`}</b>
}

let authority: Store
let state: DehydratedState

beforeEach(async () => {
  drawn = []
  authority = openStore()
  await authority.setMany("rows", { a: 1, b: 2, c: 3, d: 4, e: 5 })
  state = await read()
})

async function read(): Promise<DehydratedState> {
  const read = await dehydrate(authority, [["rows", { limit: 2 }, "infinite"]])
  return JSON.parse(JSON.stringify(read))
}

describe("useInfiniteKind in a page from a server", () => {
  it("C3 draws the first page and whether there are more, and is loading until a store is there", async () => {
    const { text, update } = await hydrate(<Rows />, state, undefined)
    expect(text()).toBe("ab…")
    expect(shown).toMatchObject({ isLoading: true, status: "loading" })
    await update(authority)
    expect(shown).toMatchObject({ isLoading: false, status: "ready" })
    act(() => shown.loadMore())
    expect(text()).toBe("abcd…")
  })

  it("C3 draws a whole list that fits into a page, with nothing behind it", async () => {
    await authority.deleteMany("rows", { after: "b" })
    const { text } = await hydrate(<Rows />, await read(), authority)
    expect(text()).toBe("ab.")
  })

  it("C3 draws an unlimited query's first page by the same length as the hook", async () => {
    await authority.setMany(
      "rows",
      Array.from({ length: 60 }, (_, n) => [`k${n}`, n] as const),
    )
    const whole = await dehydrate(authority, [["rows", {}, "infinite"]])
    expect((await hydrate(<All />, whole, undefined)).text()).toBe("50 true")
  })

  it("C3 never shows what a replica remembers before it knows what the server knew", async () => {
    const before = authority.position
    await authority.delete("rows", "a")
    const { store, follow } = await openFollower(authority, { at: before })
    const { text } = await hydrate(<Rows />, await read(), store)
    expect(text()).toBe("bc…")
    await act(() => follow(authority.position))
    expect(text()).toBe("bc…")
    expect([...new Set(drawn)]).toEqual(["bc…"])
  })

  it("C3 shows an own write at once, and grows, although the server's position is not reached", async () => {
    const before = authority.position
    await authority.set("other", "x", 1)
    const { store } = await openFollower(authority, { at: before })
    const { text } = await hydrate(<Rows />, await read(), store)
    await act(async () => shown.loadMore())
    expect(text()).toBe("abcd…")
    await act(async () => void store.set("rows", "aa", 0))
    expect(text()).toBe("aaabc…")
  })

  it("C3 keeps a wish for more until the store has read", async () => {
    const { store, release } = await openFollower(authority, { at: authority.position, held: true })
    const { text } = await hydrate(<Rows />, state, store)
    expect(text()).toBe("ab…")
    act(() => shown.loadMore())
    expect(text()).toBe("ab…")
    await act(async () => release())
    await act(async () => {})
    expect(text()).toBe("abcd…")
    expect([...new Set(drawn)]).toEqual(["ab…", "abcd…"])
  })

  it("C3 is empty where its first page was not read", async () => {
    const other = await dehydrate(authority, [["rows", { limit: 2 }]])
    const { text } = await hydrate(<Rows />, other, undefined)
    expect(text()).toBe(".")
  })
})
