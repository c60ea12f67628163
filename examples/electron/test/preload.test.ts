import { expect, it, onTestFinished, vi } from "vitest"
import { ORIGIN_ARGUMENT } from "../src/shared/channels.ts"
import { FakeElectron } from "./fakes/electron.ts"
import { CONNECT, PORT } from "./fakes/ipc.ts"
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
