import { expect, it, onTestFinished, vi } from "vitest"
import type { PageWindow } from "../src/renderer/page-window.ts"
import { requestPort } from "../src/renderer/port-request.ts"
import { CONNECT, ORIGIN_ARGUMENT, PORT } from "../src/shared/channels.ts"
import { FakeElectron } from "./fakes/electron.ts"
import { FakeMessageChannelMain } from "./fakes/message-channel.ts"
import { type FakeDomWindow, preloadIn } from "./fakes/page.ts"
import { FakeWindow } from "./fakes/window.ts"

const ORIGIN = "app://notes"

it("exposes one function, and nothing else", () => {
  const { dom } = preload()
  expect(Object.keys(dom.tidemark ?? {})).toEqual(["connect"])
  expect(Object.keys(dom).sort()).toEqual(["location", "tidemark"])
})

it("exposes nothing to a page of another origin", () => {
  const { dom, window } = preload("https://evil.example")
  expect(dom.tidemark).toBeUndefined()
  const heard = listen(dom)
  window.webContents.postMessage(PORT, 1, [channel().port2])
  expect(heard).not.toHaveBeenCalled()
})

it("asks main for a port with a number of its own for each request", () => {
  const { dom, asked } = preload()
  expect(dom.tidemark?.connect()).toBe(1)
  expect(dom.tidemark?.connect()).toBe(2)
  expect(asked).toEqual([[1], [2]])
})

it("passes nothing on that a page gives to the function", () => {
  const { dom, asked } = preload()
  const connect = dom.tidemark?.connect as ((...args: unknown[]) => number) | undefined
  connect?.("evil", { channel: "evil" })
  expect(asked).toEqual([[1]])
})

it("hands a page the port that it asked for", async () => {
  const { dom, window } = preload()
  const { port1, port2 } = channel()
  const requested = requestPort(dom as unknown as PageWindow)
  window.webContents.postMessage(PORT, 1, [port2])
  const port = await requested
  const heard = new Promise((resolve) => port1.port.once("message", resolve))
  port.postMessage("hello")
  expect(await heard).toBe("hello")
})

it("takes no port from a frame, an opener, another origin or another request", async () => {
  const { dom, window } = preload()
  const requested = requestPort(dom as unknown as PageWindow)
  const settled = vi.fn()
  requested.then(settled, settled)
  const forged = () => ({
    data: { type: PORT, request: 1 },
    ports: [channel().port2.port],
    origin: ORIGIN,
    source: dom,
  })
  dom.tell({ ...forged(), source: {} })
  dom.tell({ ...forged(), origin: "https://evil.example" })
  dom.tell({ ...forged(), data: { type: PORT, request: 2 } })
  dom.tell({ ...forged(), data: null })
  dom.tell({ ...forged(), ports: [] })
  await Promise.resolve()
  expect(settled).not.toHaveBeenCalled()
  const { port2 } = channel()
  window.webContents.postMessage(PORT, 1, [port2])
  expect(await requested).toBe(port2.port)
})

it("waits five seconds for a port, and then asks again", async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const requested = requestPort(preload().dom as unknown as PageWindow)
  const refused = expect(requested).rejects.toThrow("Main has not sent a port")
  await vi.advanceTimersByTimeAsync(5_000)
  await refused
})

it("says so where it is no window of the application", async () => {
  const { dom } = preload("https://evil.example")
  await expect(requestPort(dom as unknown as PageWindow)).rejects.toThrow("not a window of Notes")
})

function preload(origin = ORIGIN) {
  const electron = new FakeElectron({ userData: "" })
  const asked: unknown[] = []
  electron.ipcMain.on(CONNECT, (_event, ...args) => asked.push(args))
  const desktop = { load: async () => {}, opened: () => {}, destroyed: () => {} }
  const options = { webPreferences: { additionalArguments: [`${ORIGIN_ARGUMENT}${ORIGIN}`] } }
  const window = new FakeWindow(options, desktop)
  return { dom: preloadIn(electron, window, origin), window, asked }
}

function listen(dom: FakeDomWindow) {
  const heard = vi.fn()
  dom.addEventListener("message", heard)
  return heard
}

function channel(): FakeMessageChannelMain {
  const made = new FakeMessageChannelMain()
  onTestFinished(() => made.port1.close())
  return made
}
