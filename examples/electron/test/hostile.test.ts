import type { MessagePort } from "node:worker_threads"
import { PROTOCOL } from "@tidemark/sync"
import { expect, it, onTestFinished, vi } from "vitest"
import { eventually } from "./fakes/eventually.ts"
import { CONNECT, PORT } from "./fakes/ipc.ts"
import { NOTE, Notes, temporaryFolder } from "./fakes/notes.ts"
import { FakeContents, FakeFrame, type FakeWindow } from "./fakes/window.ts"

vi.setConfig({ testTimeout: 30_000 })

const CLIENT = "0123456789abcdef0123456789abcdef"

it("does not answer a sender that is none of its windows", async () => {
  const notes = await start()
  const stranger = new FakeContents()
  stranger.mainFrame.url = notes.fake.window.webContents.mainFrame.url
  const deliver = vi.spyOn(stranger.mainFrame, "deliver")
  notes.fake.send({ sender: stranger, senderFrame: stranger.mainFrame }, CONNECT, 1)
  await stillFollows(notes)
  expect(deliver).not.toHaveBeenCalled()
})

it("does not answer a frame inside a window, nor one that has gone", async () => {
  const notes = await start()
  const { webContents } = notes.fake.window
  const inner = new FakeFrame()
  inner.url = webContents.mainFrame.url
  const deliver = vi.spyOn(inner, "deliver")
  notes.fake.send({ sender: webContents, senderFrame: inner }, CONNECT, 1)
  notes.fake.send({ sender: webContents, senderFrame: null }, CONNECT, 1)
  await stillFollows(notes)
  expect(deliver).not.toHaveBeenCalled()
})

it.each(["https://evil.example/", "app://notes.evil/", "file:///etc/passwd", "about:blank", ""])(
  "does not answer a window that shows %j",
  async (url) => {
    const notes = await start({ pages: false })
    const { webContents } = notes.fake.window
    const deliver = vi.spyOn(webContents.mainFrame, "deliver")
    webContents.mainFrame.url = url
    ask(notes, notes.fake.window, 1)
    expect(deliver).not.toHaveBeenCalled()
  },
)

it.each([undefined, null, "1", 1.5, Number.NaN, {}, [1]])(
  "does not answer a request whose number is %j",
  async (request) => {
    const notes = await start({ pages: false })
    const deliver = vi.spyOn(notes.fake.window.webContents.mainFrame, "deliver")
    ask(notes, notes.fake.window, request)
    expect(deliver).not.toHaveBeenCalled()
  },
)

it("gives a window one port at a time: a new one ends the last", async () => {
  const notes = await start({ pages: false })
  const first = port(notes, notes.fake.window)
  const gone = new Promise((resolve) => first.once("close", () => resolve("closed")))
  first.on("message", () => {})
  const second = port(notes, notes.fake.window)
  expect(await gone).toBe("closed")
  second.postMessage(hello(["notes"]))
  expect(await next(second, "welcome")).toMatchObject({ type: "welcome" })
})

it("tells nothing of the kinds that belong to Tidemark or to nobody", async () => {
  const notes = await start()
  await notes.store().set("notes", "a", NOTE) // Leaves a mark of its client.
  const forged = port(notes, notes.fake.window)
  forged.postMessage(hello(["tidemark:clients", "secrets"]))
  expect(await next(forged, "snapshot")).toMatchObject({ rows: [], total: 0 })
})

it.each(["tidemark:clients", "secrets"])("refuses writes to the kind %s", async (kind) => {
  const notes = await start({ pages: false })
  const forged = port(notes, notes.fake.window)
  forged.postMessage(hello(["notes"]))
  const { epoch } = await next(forged, "welcome")
  const op = { type: "set", kind, key: CLIENT, value: { principal: "window 1", mutation: 9 } }
  forged.postMessage(mutate([{ mutation: 1, ops: [op] }], epoch))
  expect(await next(forged, "reject")).toMatchObject({ error: { code: "unauthorized" } })
})

it("refuses a note that is not one, and goes on", async () => {
  const notes = await start({ pages: false })
  const forged = port(notes, notes.fake.window)
  forged.postMessage(hello(["notes"]))
  const { epoch } = await next(forged, "welcome")
  const write = (mutation: number, value: unknown) =>
    forged.postMessage(
      mutate([{ mutation, ops: [{ type: "set", kind: "notes", key: "a", value }] }], epoch),
    )
  write(1, { title: 5, __proto__: null, extra: true })
  expect(await next(forged, "reject")).toMatchObject({ error: { code: "validation_failed" } })
  write(2, NOTE)
  expect(await next(forged, "ack")).toMatchObject({ mutation: 2 })
})

it("refuses to write in the name of another window's client", async () => {
  const notes = await start({ pages: false })
  const mine = port(notes, notes.fake.window)
  mine.postMessage(hello(["notes"]))
  const { epoch } = await next(mine, "welcome")
  const ops = [
    { type: "set", kind: "windows", key: "w2", value: { bounds: null, maximized: false } },
  ]
  mine.postMessage(mutate([{ mutation: 1, ops }], epoch))
  await next(mine, "ack")
  await eventually(() => expect(notes.windows).toHaveLength(2))
  const other = notes.windows.find(({ id }) => id === "w2") as FakeWindow
  const forged = port(notes, other)
  forged.postMessage(hello(["notes"]))
  expect(await next(forged, "denied")).toMatchObject({ error: { code: "unauthorized" } })
})

it.each([
  ["text", "tidemark"],
  ["null", null],
  ["an unknown type", { type: "drop" }],
  ["a hello of no protocol", { type: "hello" }],
  ["a client that is no client", { ...hello(["notes"]), client: "__proto__" }],
  ["a mutation that is no list", mutate({})],
  ["an unknown op", mutate([{ mutation: 1, ops: [{ type: "clear" }] }])],
])("closes the port of a page that sends %s, and harms no other", async (_what, message) => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {})
  onTestFinished(() => warn.mockRestore())
  const notes = await start()
  await notes.store().set("windows", "forger", { bounds: null, maximized: false })
  await eventually(() => expect(notes.stores.size).toBe(2))
  const forger = notes.windows.find(({ id }) => id === "forger") as FakeWindow
  const forged = port(notes, forger)
  const gone = new Promise((resolve) => forged.once("close", () => resolve("closed")))
  forged.on("message", () => {})
  forged.postMessage(message)
  expect(await gone).toBe("closed")
  expect(warn).toHaveBeenCalledWith(expect.stringContaining("forger"), expect.anything())
  await stillFollows(notes)
})

it("denies new windows, other pages, webviews and permissions", async () => {
  const notes = await start()
  const { webContents, options } = notes.fake.window
  expect(options.webPreferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webviewTag: false,
  })
  expect(webContents.openHandler?.()).toEqual({ action: "deny" })
  expect(webContents.permissionCheck?.()).toBe(false)
  const answer = vi.fn()
  webContents.permissionHandler?.(webContents, "media", answer)
  expect(answer).toHaveBeenCalledExactlyOnceWith(false)
  for (const event of ["will-frame-navigate", "will-redirect", "will-attach-webview"]) {
    const preventDefault = vi.fn()
    webContents.emit(event, { url: "https://evil.example/", preventDefault })
    expect(preventDefault, event).toHaveBeenCalledOnce()
  }
})

async function start(options?: ConstructorParameters<typeof Notes>[1]): Promise<Notes> {
  const notes = await new Notes(temporaryFolder(onTestFinished), options).start()
  onTestFinished(() => void notes.quit())
  return notes
}

function mutate(mutations: unknown, epoch: string | undefined = "") {
  return {
    type: "mutate",
    client: CLIENT,
    epoch,
    answered: 0,
    since: Date.now(),
    kept: true,
    mutations,
  }
}

function hello(kinds: readonly string[]) {
  return {
    type: "hello",
    protocol: PROTOCOL,
    client: CLIENT,
    epoch: null,
    position: 0,
    view: null,
    follow: kinds.map((kind) => ({ kind })),
    schemas: {},
  }
}

function ask(notes: Notes, { webContents }: FakeWindow, request: unknown): void {
  notes.fake.send({ sender: webContents, senderFrame: webContents.mainFrame }, CONNECT, request)
}

/** A port that main hands to a window when it is asked from there. */
function port(notes: Notes, window: FakeWindow): MessagePort {
  let given: MessagePort | undefined
  window.webContents.mainFrame.deliver = (channel, _request, ports) => {
    if (channel === PORT) given = ports[0]
  }
  ask(notes, window, 7)
  if (given === undefined) throw new Error("Main has handed out no port")
  onTestFinished(() => given?.close())
  return given
}

function next(from: MessagePort, type: string): Promise<Told> {
  return new Promise((resolve) => {
    const take = (data: Told | readonly Told[]) => {
      // What main says in one turn comes as a list.
      const message = [data].flat().find((one) => one.type === type)
      if (message === undefined) return
      from.off("message", take)
      resolve(message)
    }
    from.on("message", take)
  })
}

/** What main says, as far as it is looked at here. */
interface Told {
  readonly type?: string
  readonly epoch?: string
}

/** Whether the first window's page still writes and is answered. */
async function stillFollows(notes: Notes): Promise<void> {
  const [first] = notes.windows
  expect(await notes.store(first).set("notes", "still", NOTE)).toMatchObject({ outcome: "created" })
}
