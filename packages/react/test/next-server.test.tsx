import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { defineKinds, kind } from "@tidemark/core"
import { openStore as openFile } from "@tidemark/core/better-sqlite3"
import { openStore } from "@tidemark/core/memory"
import {
  Hydrated,
  type RequestReader,
  readRequest,
  routeHandlers,
  serverStore,
} from "@tidemark/react/next"
import { withTidemark } from "@tidemark/react/next/config"
import { createHandler } from "@tidemark/sync/http-handler"
import type { ReactElement } from "react"
import { describe, expect, it, onTestFinished, vi } from "vitest"

// What Next does for modules and requests of a server.
vi.mock("server-only", () => ({}))
vi.mock("next/server.js", () => ({ connection: async () => {} }))

const kinds = defineKinds({
  tasks: kind<{ title: string }>(),
  logs: kind<string>({ history: false }),
})

let names = 0
const fresh = (name: string) => `${name}-${names++}`

async function openTasks() {
  const store = openStore({ kinds })
  await store.setMany("tasks", { a: { title: "Milk" }, b: { title: "Bread" } })
  return store
}

describe("the store of a server", () => {
  it("C3 is opened at the first use, and once under its name, whichever bundle asks", async () => {
    const open = vi.fn(() => openStore({ kinds }))
    const name = fresh("once")
    const [page, route] = [serverStore(name, open), serverStore(name, open)]
    expect(open).not.toHaveBeenCalled()
    const [one, other] = await Promise.all([page.open(), route.open()])
    expect(one).toBe(other)
    expect(open).toHaveBeenCalledTimes(1)
    await page.close()
    await expect(one.get("tasks", "a")).rejects.toMatchObject({ code: "closed" })
  })

  it("C3 that cannot be opened is tried again by who asks next", async () => {
    const open = vi.fn(() => openStore({ kinds }))
    open.mockImplementationOnce(() => {
      throw new Error("The disk is not there yet")
    })
    const server = serverStore(fresh("again"), open)
    await expect(server.open()).rejects.toThrow("not there yet")
    expect((await server.open()).position).toBe(0)
  })

  it("C3 is closed also when something that ends before it fails, which is told", async () => {
    const server = serverStore(fresh("ends"), () => openStore({ kinds }))
    const store = await server.open()
    server.closeFirst(async () => {
      throw new Error("A stream hangs")
    })
    await expect(server.close()).rejects.toThrow("A stream hangs")
    await expect(store.get("tasks", "a")).rejects.toMatchObject({ code: "closed" })
  })

  it("C3 that nobody has opened is closed without being opened", async () => {
    const open = vi.fn(() => openStore({ kinds }))
    await serverStore(fresh("idle"), open).close()
    expect(open).not.toHaveBeenCalled()
  })
})

describe("what a request reads", () => {
  async function readerOf() {
    const store = await openTasks()
    const reader = await readRequest(serverStore(fresh("reads"), () => store))
    return { store, reader }
  }
  const titles = async (reader: RequestReader<typeof kinds>) =>
    (await reader.list("tasks")).map(({ value }) => value.title)

  it("C3 is of one position, whatever is written meanwhile", async () => {
    const { store, reader } = await readerOf()
    expect(await titles(reader)).toEqual(["Milk", "Bread"])
    await store.set("tasks", "a", { title: "Oat milk" })
    await store.delete("tasks", "b")
    await store.set("tasks", "c", { title: "Tea" })
    expect(await titles(reader)).toEqual(["Milk", "Bread"])
    expect(await reader.get("tasks", "a")).toEqual({ title: "Milk" })
    expect((await reader.entry("tasks", "b"))?.value).toEqual({ title: "Bread" })
    expect(await reader.keys("tasks")).toEqual(["a", "b"])
    expect(await reader.count("tasks")).toBe(2)
    expect(await reader.kinds()).toEqual(["tasks"])
    expect(reader.position).toBeLessThan(store.position)
  })

  it("C3 has nothing of a write that is on its way", async () => {
    const { store, reader } = await readerOf()
    const writing = store.set("tasks", "c", { title: "Tea" })
    expect(await reader.count("tasks")).toBe(2)
    await writing
  })

  it("C3 is of one position also where another process writes to the file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tidemark-"))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const open = () => openFile({ path: join(folder, "tasks.db"), kinds, durability: "process" })
    await using ours = open()
    await using theirs = open()
    await ours.setMany("tasks", { a: { title: "Milk" }, b: { title: "Bread" } })
    const reader = await readRequest(serverStore(fresh("shared"), () => ours))
    expect(await reader.get("tasks", "a")).toEqual({ title: "Milk" })
    const writing = theirs.commit({
      ops: [
        { type: "set", kind: "tasks", key: "a", value: { title: "Oat milk" } },
        { type: "delete", kind: "tasks", key: "b" },
      ],
    })
    // In the file while these are read, and not heard of yet.
    expect(await reader.count("tasks")).toBe(2)
    expect(await titles(reader)).toEqual(["Milk", "Bread"])
    await writing
    expect(await titles(reader)).toEqual(["Milk", "Bread"])
  })

  it("C3 is what it is now, where the past was let go", async () => {
    const store = await openTasks()
    await store.set("logs", "last", "one")
    const reader = await readRequest(serverStore(fresh("logs"), () => store))
    await store.set("logs", "last", "two")
    await store.prune({ changes: 0, versions: 0 })
    expect(await reader.get("logs", "last")).toBe("two")
  })

  it("C3 is given to the hooks of a boundary, with the position it was read at", async () => {
    const store = await openTasks()
    const element = (await Hydrated({
      store: serverStore(fresh("hydrated"), () => store),
      read: [
        ["tasks", "a"],
        ["tasks", { limit: 1 }, "infinite"],
      ],
      children: "below",
    })) as ReactElement<{ state: { seq: number; lists: unknown[][] }; children: string }>
    expect(element.props.state.seq).toBe(store.position)
    expect(element.props.state.lists[0]?.[2]).toHaveLength(2)
    expect(element.props.children).toBe("below")
  })
})

describe("the handlers of a route", () => {
  it("C3 follow the store of the server, opened at the first request", async () => {
    const open = vi.fn(() => openStore({ kinds }))
    const server = serverStore(fresh("route"), open)
    const { GET, POST } = routeHandlers(server, (store) =>
      createHandler(store, { authorize: () => undefined }),
    )
    expect(open).not.toHaveBeenCalled()
    for (const handle of [GET, POST]) {
      expect((await handle(new Request("http://app.test/api"))).status).toBe(403)
    }
    await server.close()
    expect((await GET(new Request("http://app.test/api"))).status).toBe(503)
  })

  it("C3 are made again for the next request, when making them has failed", async () => {
    const create = vi.fn(() => async () => new Response("made"))
    create.mockImplementationOnce(() => {
      throw new Error("no")
    })
    const { GET } = routeHandlers(
      serverStore(fresh("remade"), () => openStore()),
      create,
    )
    const asked = () => GET(new Request("http://app.test/api"))
    await expect(asked()).rejects.toThrow("no")
    expect(await (await asked()).text()).toBe("made")
    expect(await (await asked()).text()).toBe("made")
    expect(create).toHaveBeenCalledTimes(2)
  })
})

describe("withTidemark", () => {
  const ours = ["@tidemark/core", "@tidemark/sync", "better-sqlite3"]

  it("C3 leaves the store and its native driver to Node, and everything else as it is", async () => {
    expect(withTidemark()).toEqual({ serverExternalPackages: ours })
    const given = { poweredByHeader: false, serverExternalPackages: ["pg", ...ours] }
    expect(withTidemark(given)).toEqual(given)
    const late = withTidemark(async (phase) => ({ basePath: `/${phase}` }))
    expect(await late("development", { defaultConfig: {} })).toEqual({
      basePath: "/development",
      serverExternalPackages: ours,
    })
  })
})

describe("the entry points for Next", () => {
  const home = fileURLToPath(new URL("..", import.meta.url))
  const load = (entry: string) =>
    spawnSync(process.execPath, ["--input-type", "module", "--eval", `await import("${entry}")`], {
      cwd: home,
      encoding: "utf8",
    }).stderr

  it("C3 for a server say so where they are loaded elsewhere", () => {
    expect(load("@tidemark/react/next")).toContain("cannot be imported from a Client Component")
  })

  it("C3 for a configuration loads nothing of React", () => {
    expect(load("@tidemark/react/next/config")).toBe("")
  })
})
