import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { type Codec, defineKinds, kind, queryId, type Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import {
  HydrationBoundary,
  StoreProvider,
  useKey,
  useKind,
  useSet,
  useStatus,
  useWatch,
} from "@tidemark/react"
import { type DehydratedState, dehydrate } from "@tidemark/react/server"
import { renderToString } from "react-dom/server"
import { describe, expect, it, vi } from "vitest"
import { openFollower } from "./follower.ts"

const dateCodec: Codec<Date> = {
  name: "date",
  encode: (date) => date.toISOString(),
  decode: (data) => new Date(String(data)),
}

function Page() {
  const alice = useKey("users", "alice", { initial: "nobody" })
  const tasks = useKind("tasks", { orderBy: "due", limit: 2 })
  const pending = useStatus()?.pending ?? "unknown"
  useSet("users")
  useWatch("users", () => {})
  return `${alice}|${tasks.map(({ key }) => key)}|${pending}`
}

function serve(store: Store | undefined, state?: DehydratedState): string {
  return renderToString(
    <StoreProvider store={store}>
      <HydrationBoundary state={state}>
        <Page />
      </HydrationBoundary>
    </StoreProvider>,
  )
}

async function openTasks() {
  const store = openStore()
  await store.set("users", "alice", "Alice")
  await store.setMany("tasks", { a: { due: 2 }, b: { due: 1 }, c: { due: 3 } })
  return store
}

const requests = [
  ["users", "alice"],
  ["tasks", { orderBy: "due", limit: 2 }],
] as const

describe("on a server", () => {
  it("C3 the hooks render what was dehydrated, without a store", async () => {
    const state = await dehydrate(await openTasks(), requests)
    expect(serve(undefined, state)).toBe("Alice|b,a|unknown")
  })

  it("C3 the hooks render from a store that answers at once", async () => {
    expect(serve(await openTasks())).toBe("Alice|b,a|unknown")
  })

  it("C3 the hooks render what was dehydrated, although the store knows newer by now", async () => {
    const store = await openTasks()
    const state = await dehydrate(store, requests)
    await store.set("users", "alice", "Alicia")
    expect(serve(store, state)).toBe("Alice|b,a|unknown")
  })

  it("C3 the hooks give their initial values where there is nothing to render from", async () => {
    expect(serve(undefined)).toBe("nobody||unknown")
    const { store } = await openFollower(await openTasks(), { held: true })
    expect(serve(store)).toBe("nobody||unknown")
  })
})

describe("dehydrate", () => {
  it("C3 reads keys, lists and whole kinds, as plain JSON with the position", async () => {
    const store = await openTasks()
    const state = await dehydrate(store, [
      ["users", "alice"],
      ["users", "nobody"],
      ["tasks", { limit: 1, orderBy: "due" }],
      ["users"],
    ])
    const alice = await store.entry("users", "alice")
    expect(state).toEqual({
      epoch: store.epoch,
      seq: store.position,
      keys: [
        ["users", "alice", alice],
        ["users", "nobody", null],
      ],
      lists: [
        ["tasks", queryId({ orderBy: "due", limit: 1 }), [await store.entry("tasks", "b")]],
        ["users", queryId({}), [alice]],
      ],
    })
    expect(JSON.parse(JSON.stringify(state))).toEqual(state)
  })

  it("C3 reads everything at one position: again when a write comes between", async () => {
    const store = await openTasks()
    const { entry } = store
    let read = 0
    vi.spyOn(store, "entry").mockImplementation(async (kind, key) => {
      const found = await entry.call(store, kind, key)
      read++
      if (read === 1) await store.set("users", "alice", "Alicia")
      return found as never
    })
    const state = await dehydrate(store, requests)
    expect(read).toBe(2)
    expect(state.seq).toBe(store.position)
    expect(state.keys[0]?.[2]?.value).toBe("Alicia")
  })

  it("C3 gives what it has when the store is written to without a pause", async () => {
    const store = await openTasks()
    const { entry } = store
    vi.spyOn(store, "entry").mockImplementation(async (kind, key) => {
      const found = await entry.call(store, kind, key)
      await store.set("users", "bob", store.position)
      return found as never
    })
    const state = await dehydrate(store, requests)
    expect(state.keys[0]?.[2]?.value).toBe("Alice")
    expect(state.seq).toBe(store.position)
  })

  it("C3 tells the seq of what it has read, also while that is on its way to the disk", async () => {
    const store = await openTasks()
    const { position } = store
    await store.set("users", "alice", "Alicia")
    // As on a file: what was committed is read before it is durable.
    vi.spyOn(store, "position", "get").mockReturnValue(position)
    const state = await dehydrate(store, requests)
    expect(state.keys[0]?.[2]?.value).toBe("Alicia")
    expect(state.seq).toBe(position + 1)
  })

  it("C3 refuses what a page would give back as something else", async () => {
    const store = openStore({ kinds: defineKinds({ days: kind<Date>({ codec: dateCodec }) }) })
    await store.set("days", "first", new Date(0))
    for (const request of [["days", "first"], ["days"]] as const) {
      await expect(dehydrate(store, [request])).rejects.toMatchObject({
        code: "unsupported",
        details: { kind: "days", key: "first" },
      })
    }
  })

  it("C3 rejects with a StoreError what cannot be read", async () => {
    const store = await openTasks()
    const bad = dehydrate(store, [["tasks", { limit: -1 }]])
    await expect(bad).rejects.toMatchObject({ code: "invalid_value" })
    await store.close()
    await expect(dehydrate(store, requests)).rejects.toMatchObject({ code: "closed" })
  })
})

describe("the entry points", () => {
  const home = fileURLToPath(new URL("..", import.meta.url))

  it("C3 the hooks are a client module, so that server components can import them", () => {
    expect(readFileSync(`${home}/dist/index.js`, "utf8")).toMatch(/^"use client";?\n/)
  })

  it("C3 dehydrate loads among server components, where React has no state and no context", () => {
    const code =
      'const { dehydrate } = await import("@tidemark/react/server"); console.log(typeof dehydrate)'
    const args = ["--conditions", "react-server", "--input-type", "module", "--eval", code]
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: home, encoding: "utf8" })
    expect({ stdout, stderr }).toEqual({ stdout: "function\n", stderr: "" })
    expect(readFileSync(`${home}/dist/server.js`, "utf8")).not.toContain("use client")
  })
})
