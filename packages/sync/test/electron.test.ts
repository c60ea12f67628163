import type { MessagePort as NodePort } from "node:worker_threads"
import { openStore } from "@tidemark/core/memory"
import { TestClock } from "@tidemark/core/testing"
import { connect, PROTOCOL } from "@tidemark/sync"
import { flushWindow, type ServeWindowsOptions, serveWindows } from "@tidemark/sync/electron-main"
import { answerFlush, electronChannel } from "@tidemark/sync/electron-renderer"
import { expect, it, onTestFinished, vi } from "vitest"
import {
  FakeChannel,
  FakeContents,
  FakeFrame,
  FakeMain,
  FakePage,
  ORIGIN,
  openWindow,
} from "./electron-fakes.ts"

function opened(options: Partial<ServeWindowsOptions<FakeContents>> = {}) {
  const main = new FakeMain()
  const store = openStore()
  const known = new Set<FakeContents>()
  const ports = serveWindows(store, main, {
    origins: [ORIGIN],
    authorize: (contents) =>
      known.has(contents) ? { principal: "window", kinds: ["u"] } : undefined,
    ...options,
  })
  const open = (origin?: string) => {
    const window = openWindow(main, origin)
    known.add(window.contents)
    return window
  }
  onTestFinished(() => {
    ports.close()
    return store.close()
  })
  return { main, store, ports, open }
}

function follow(page: FakePage) {
  const replica = connect(electronChannel({ window: page.window }), { random: () => 0 })
  onTestFinished(() => replica.close())
  return replica
}

it("C6 a window follows main's store and writes to it", async () => {
  const { store, ports, open } = opened()
  const { page, contents } = open()
  expect(ports.has(contents)).toBe(false)
  const replica = follow(page)
  await replica.set("u", "a", 1)
  expect(await store.get("u", "a")).toBe(1)
  expect(ports.has(contents)).toBe(true)
  await expect(replica.set("secrets", "a", 1)).rejects.toMatchObject({ code: "unauthorized" })
})

it("C6 a window sees the store that its access names", async () => {
  const store = openStore()
  onTestFinished(() => store.close())
  const scope = store.scope("one")
  const { open } = opened({ authorize: () => ({ principal: "w", store: scope }) })
  await follow(open().page).set("u", "a", 1)
  expect(await scope.get("u", "a")).toBe(1)
  expect(await store.get("u", "a")).toBeUndefined()
})

it("C6 a window that is given another store loses its port, and sees that one when it asks again", async () => {
  const clock = new TestClock()
  const store = openStore({ clock })
  onTestFinished(() => store.close())
  let tenant = "one"
  const authorize = () => ({ principal: "w", store: store.scope(tenant) })
  const { open } = opened({ authorize, clock, recheck: 1_000 })
  const replica = connect(electronChannel({ window: open().page.window }), {
    clock,
    random: () => 0,
  })
  onTestFinished(() => replica.close())
  await store.scope("two").set("u", "a", "of two")
  let first: unknown
  replica.list("u").then((list) => {
    first = list
  })
  await clock.until(() => first !== undefined)
  expect(first).toEqual([])
  tenant = "two"
  await clock.until(() => replica.peek("u", "a") === "of two")
})

it("C6 main hears of what goes wrong where it says who a window is, and hands out no port", () => {
  const onError = vi.fn()
  const broken = new Error("The application's own")
  const { main, open } = opened({
    onError,
    authorize() {
      throw broken
    },
  })
  const { contents } = open()
  const given = handed(contents)
  main.send(contents, 1)
  expect(given).toEqual([])
  expect(onError).toHaveBeenCalledExactlyOnceWith(broken, contents)
})

it("C6 windows have as much as main gives to each, and to all of one principal together", async () => {
  const clock = new TestClock()
  const onError = vi.fn()
  const { store, ports, open } = opened({
    clock,
    onError,
    limits: { writesEach: 1, writesSaved: 4, streamsEach: 2 },
  })
  const windows = [open(), open(), open()]
  const replicas = windows.map(({ page }) => {
    const replica = connect(electronChannel({ window: page.window, clock }), {
      clock,
      random: () => 0,
      onError: () => {},
    })
    onTestFinished(() => replica.close())
    return replica
  })
  await vi.waitFor(() => expect(onError).toHaveBeenCalledTimes(1))
  expect(onError.mock.calls[0]?.[0]).toMatchObject({ code: "quota_exceeded" })
  expect(windows.filter(({ contents }) => ports.has(contents))).toHaveLength(2)
  await Promise.all(replicas.slice(0, 2).map((replica) => replica.list("u")))
  const start = clock.now()
  let written = 0
  for (const [at, replica] of replicas.slice(0, 2).entries())
    for (let n = 0; n < 6; n++)
      replica.set("u", `${at}/${n}`, n).then(() => {
        written++
      })
  await vi.waitFor(async () => expect(await store.count("u")).toBe(4))
  await clock.until(() => written === 12)
  expect(clock.now() - start).toBeGreaterThan(7_000)
  expect(await store.count("u")).toBe(12)
})

it("C6 a window has one port: a new one ends the last, and main can end it", async () => {
  const { main, ports, open } = opened()
  const { contents } = open()
  const given = handed(contents)
  main.send(contents, 1)
  main.send(contents, 2)
  expect(given).toHaveLength(2)
  given[0]?.on("message", () => {}) // Without a listener it does not hear of its end.
  await new Promise((resolve) => given[0]?.once("close", () => resolve(true)))
  expect(ports.has(contents)).toBe(true)
  ports.end(contents)
  expect(ports.has(contents)).toBe(false)
})

it.each([undefined, null, "1", 1.5, Number.NaN, {}, [1]])(
  "C6 main does not answer a request whose number is %j",
  (request) => {
    const { main, open } = opened()
    const { contents } = open()
    const given = handed(contents)
    main.send(contents, request)
    expect(given).toEqual([])
  },
)

it.each([
  "https://evil.example/",
  "app://test.evil/",
  "http://test/",
  "file:///etc/passwd",
  "about:blank",
  "",
])("C6 main does not answer a window that shows %j", (url) => {
  const { main, open } = opened()
  const { contents } = open()
  const given = handed(contents)
  contents.mainFrame.url = url
  main.send(contents, 1)
  expect(given).toEqual([])
})

it("C6 main does not answer strangers, frames inside a window, and those that have gone", () => {
  const { main, ports, open } = opened()
  const stranger = new FakeContents()
  const inner = new FakeFrame()
  const { contents } = open()
  const given = [handed(stranger), handed(contents)]
  inner.deliver = () => given.push([])
  main.send(stranger, 1)
  main.send(contents, 1, inner)
  main.send(contents, 1, null)
  expect(given).toEqual([[], []])
  ports.close()
  main.send(contents, 1)
  expect(given).toEqual([[], []])
})

it("C6 a port on which comes what is no message is closed, and main hears why", async () => {
  const onError = vi.fn()
  const { main, ports, open } = opened({ onError })
  const { contents } = open()
  const other = open()
  const replica = follow(other.page)
  await replica.list("u")
  const given = handed(contents)
  main.send(contents, 1)
  given[0]?.postMessage({ type: "hello", protocol: PROTOCOL, client: "__proto__" })
  await vi.waitFor(() => expect(ports.has(contents)).toBe(false))
  expect(onError).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({ code: "invalid_value" }),
    contents,
  )
  await replica.set("u", "a", 1)
})

it("C6 a page gets one function, that passes nothing on, and a page of another origin gets nothing", () => {
  const { main, open } = opened()
  const { page } = open()
  const asked = vi.fn()
  main.ipcMain.on("tidemark:connect", (_event, ...parameters) => asked(...parameters))
  expect(Object.keys(page.tidemark ?? {})).toEqual(["connect"])
  expect(page.tidemark?.connect("evil", { channel: "evil" })).toBe(1)
  expect(asked).toHaveBeenCalledExactlyOnceWith(1)
  const foreign = open("https://evil.example")
  expect(foreign.page.tidemark).toBeUndefined()
  const heard = vi.fn()
  foreign.page.addEventListener("message", heard)
  foreign.contents.mainFrame.postMessage("tidemark:port", 1, [new FakeChannel().port2])
  expect(heard).not.toHaveBeenCalled()
})

it("C6 a page takes no port from a frame, an opener, another origin or another request, and asks again", async () => {
  const clock = new TestClock()
  const page = new FakePage(ORIGIN)
  const requests: number[] = []
  page.tidemark = { connect: () => requests.push(requests.length + 1) }
  const replica = connect(electronChannel({ window: page.window, clock }), {
    clock,
    random: () => 0,
  })
  onTestFinished(() => replica.close())
  await vi.waitFor(() => expect(requests).toEqual([1]))
  const { port2 } = new FakeChannel()
  const posted = vi.spyOn(port2.port, "postMessage")
  onTestFinished(() => port2.close())
  const good = {
    data: { type: "tidemark:port", request: 1 },
    ports: [port2.port],
    origin: ORIGIN,
    source: page,
  }
  page.tell({ ...good, source: {} })
  page.tell({ ...good, origin: "https://evil.example" })
  page.tell({ ...good, data: { type: "tidemark:port", request: 2 } })
  page.tell({ ...good, data: null })
  page.tell({ ...good, ports: [] })
  await clock.until(() => requests.length === 2, 500) // After the patience, and the first wait.
  expect(posted).not.toHaveBeenCalled()
})

it("C6 is offline, and says why, where no preload script has run", async () => {
  const page = new FakePage(ORIGIN)
  const closed = new Promise((resolve) => {
    electronChannel({ window: page.window }).open({ message() {}, closed: resolve })
  })
  expect(await closed).toMatchObject({
    code: "unsupported",
    hint: expect.stringContaining("preload"),
  })
})

it("C6 main waits until a window that closes has sent what it had pending", async () => {
  const { main, store, open } = opened()
  const { contents, page } = open()
  const replica = follow(page)
  const stop = answerFlush(replica, page.window)
  await replica.list("u")
  const written = Array.from({ length: 100 }, (_, n) => replica.set("u", `k${n}`, n))
  expect(await flushWindow(contents, main)).toEqual({ done: true })
  expect(await store.count("u")).toBe(100)
  await Promise.all(written)
  stop()
})

it("C6 main gives up on a window that does not answer, and knows what it last said", async () => {
  const clock = new TestClock()
  const contents = new FakeContents()
  contents.mainFrame.deliver = (_channel, _message, [port]) => {
    for (const left of [5, 3, "many", -1, 0.5, null]) port?.postMessage(left)
  }
  let flushed: unknown
  flushWindow(contents, new FakeMain(), { clock, patience: 100_000 }).then((told) => {
    flushed = told
  })
  await clock.until(() => flushed !== undefined, 100)
  expect(flushed).toEqual({ done: false, pending: 3 })
})

/** The ports that main hands to a window. */
function handed(contents: FakeContents): NodePort[] {
  const given: NodePort[] = []
  contents.mainFrame.deliver = (_channel, _message, ports) => given.push(...ports)
  return given
}
