import type { Clock } from "@tidemark/core"
import { expect, it, onTestFinished, vi } from "vitest"
import { PATIENCE } from "../src/main/loss-text.ts"
import { NEW_WINDOW } from "../src/shared/kinds.ts"
import { eventually } from "./fakes/eventually.ts"
import { NOTE, Notes, type StartOptions, temporaryFolder } from "./fakes/notes.ts"
import type { FakeWindow } from "./fakes/window.ts"

vi.setConfig({ testTimeout: 30_000 })

it("keeps what a window had pending when it was closed", async () => {
  const { notes, folder } = await start()
  const window = notes.fake.window
  const store = notes.store()
  await store.get("notes", "welcome")
  for (let key = 0; key < 200; key++) store.set("notes", `n${key}`, NOTE).catch(() => {})
  window.close()
  expect(await notes.fake.quitted).toBe(0)
  expect(notes.fake.boxes).toEqual([])
  const again = await new Notes(folder).start()
  onTestFinished(() => void again.quit())
  expect(await again.store().count("notes", { prefix: "n" })).toBe(200)
})

it("gives up after two seconds on a window that does not answer, and says so", async () => {
  const clock = new HeldClock()
  const { notes } = await start({ clock })
  const [first, second] = await two(notes)
  second.webContents.mainFrame.deliver = () => {}
  second.close()
  await clock.passed(PATIENCE)
  expect(second.isDestroyed()).toBe(true)
  expect(first.isDestroyed()).toBe(false)
  expect(notes.fake.boxes).toEqual([expect.stringMatching(/Changes.*within 2 seconds/s)])
})

it("closes a window whose page has never asked for a port at once", async () => {
  const { notes } = await start({ pages: false, clock: new HeldClock() })
  notes.fake.window.close()
  expect(await notes.fake.quitted).toBe(0)
})

it("asks a window once, however often it is closed", async () => {
  const clock = new HeldClock()
  const { notes } = await start({ clock })
  const [, second] = await two(notes)
  const deliver = vi.fn()
  second.webContents.mainFrame.deliver = deliver
  second.close()
  second.close()
  await clock.passed(PATIENCE)
  expect(deliver).toHaveBeenCalledOnce()
  expect(notes.fake.boxes).toHaveLength(1)
})

it("closes every window and the store before it quits", async () => {
  const { notes } = await start()
  const windows = await two(notes)
  const pending = notes.store(windows[0]).set("notes", "last", NOTE)
  expect(await notes.quit()).toBe(0)
  expect(await pending).toMatchObject({ outcome: "created" })
  expect(windows.every((window) => window.isDestroyed())).toBe(true)
})

/** A clock that moves when the test says so. */
class HeldClock implements Clock {
  readonly #waiting = new Map<() => void, number>()

  now(): number {
    return Date.now()
  }

  after(ms: number, callback: () => void): () => void {
    this.#waiting.set(callback, ms)
    return () => this.#waiting.delete(callback)
  }

  /** Waits until somebody waits so long, and lets that time pass. */
  async passed(ms: number): Promise<void> {
    const callback = await vi.waitUntil(
      () => [...this.#waiting].find(([, wanted]) => wanted === ms)?.[0],
      { timeout: 20_000 },
    )
    this.#waiting.delete(callback)
    callback()
    await eventually(() => expect(this.#waiting.has(callback)).toBe(false))
  }
}

async function start(options?: StartOptions): Promise<{ notes: Notes; folder: string }> {
  const folder = temporaryFolder(onTestFinished)
  const notes = await new Notes(folder, options).start()
  onTestFinished(() => {
    for (const window of notes.windows) window.destroy()
    return void notes.quit()
  })
  return { notes, folder }
}

async function two(notes: Notes): Promise<readonly [FakeWindow, FakeWindow]> {
  await notes.store().set("windows", "second", NEW_WINDOW)
  await eventually(() => expect(notes.stores.size).toBe(2))
  const [first, second] = notes.windows
  if (first === undefined || second === undefined) throw new Error("There are not two windows")
  await notes.store(second).get("notes", "welcome")
  return [first, second]
}
