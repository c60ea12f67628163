import { expect, it, onTestFinished, vi } from "vitest"
import { MOST_WINDOWS } from "../src/main/windows.ts"
import { NEW_WINDOW } from "../src/shared/kinds.ts"
import { eventually } from "./fakes/eventually.ts"
import { NOTE, Notes, temporaryFolder } from "./fakes/notes.ts"

vi.setConfig({ testTimeout: 30_000 })

it("opens one window at a first start, with a note to read", async () => {
  const notes = await start()
  expect(notes.windows).toHaveLength(1)
  expect((await notes.store().list("notes")).map(({ key }) => key)).toEqual(["welcome"])
})

it("shows an edit of one window in the other", async () => {
  const notes = await start()
  const [first, second] = await two(notes)
  const seen = notes.store(second).live("notes", "a")
  await notes.store(first).set("notes", "a", NOTE)
  await eventually(() => expect(seen.get()).toEqual(NOTE))
})

it("opens a window for an entry that a page creates, and closes it when the entry is deleted", async () => {
  const notes = await start()
  const store = notes.store()
  await store.set("windows", "mine", NEW_WINDOW)
  await eventually(() => expect(notes.windows.map(({ id }) => id)).toContain("mine"))
  await store.delete("windows", "mine")
  await eventually(() => expect(notes.windows).toHaveLength(1))
})

it("opens no more windows than fit on a desktop, and forgets the others", async () => {
  const notes = await start()
  const wild = Array.from({ length: 50 }, (_, at) => [`w${at}`, NEW_WINDOW] as const)
  await notes.store().setMany("windows", wild)
  await eventually(async () => expect(await notes.store().count("windows")).toBe(MOST_WINDOWS))
  expect(notes.windows).toHaveLength(MOST_WINDOWS)
})

it("forgets a window that a person closes, and what it showed", async () => {
  const notes = await start()
  const [first, second] = await two(notes)
  await notes.store(second).set("selections", second.id, { note: "welcome" })
  second.close()
  await eventually(async () => expect(await notes.store(first).count("windows")).toBe(1))
  expect(await notes.store(first).count("selections")).toBe(0)
  expect(notes.windows).toEqual([first])
})

it("brings the windows of the last run back, where they stood and as large as they were", async () => {
  const folder = temporaryFolder(onTestFinished)
  const before = await new Notes(folder).start()
  const [first, second] = await two(before)
  const ids = [first.id, second.id].sort()
  const bounds = { x: 300, y: 200, width: 640, height: 480 }
  second.place(bounds)
  first.maximize()
  expect(await before.quit()).toBe(0)

  const after = await new Notes(folder).start()
  onTestFinished(() => void after.quit())
  expect(after.windows.map(({ id }) => id).sort()).toEqual(ids)
  const again = after.windows.find(({ id }) => id === second.id)
  expect(again?.options).toMatchObject(bounds)
  expect(after.windows.find(({ id }) => id === first.id)?.isMaximized()).toBe(true)
})

it("brings the last window back that was closed before the end", async () => {
  const folder = temporaryFolder(onTestFinished)
  const before = await new Notes(folder).start()
  const { id } = before.fake.window
  before.fake.window.close()
  expect(await before.fake.quitted).toBe(0)
  const after = await new Notes(folder).start()
  onTestFinished(() => void after.quit())
  expect(after.windows.map((window) => window.id)).toEqual([id])
})

it("runs on without a window on a Mac, and opens it again when asked", async () => {
  const notes = await start({ platform: "darwin" })
  const { id } = notes.fake.window
  notes.fake.window.close()
  await eventually(() => expect(notes.windows).toHaveLength(0))
  notes.fake.app.emit("activate")
  await eventually(() => expect(notes.windows.map((window) => window.id)).toEqual([id]))
})

it("writes a window's place for all to see once it rests", async () => {
  const notes = await start()
  const bounds = { x: 10, y: 20, width: 500, height: 400 }
  const seen = notes.store().live("windows", notes.fake.window.id)
  notes.fake.window.place({ ...bounds, x: 5 })
  notes.fake.window.place(bounds)
  await eventually(() => expect(seen.get()).toEqual({ bounds, maximized: false }))
})

it("opens another window from the menu, and shows all at a second start", async () => {
  const notes = await start()
  const items = notes.fake.menu.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []))
  const item = items.find(({ label }) => label === "New Window")
  item?.click?.(undefined as never, undefined, undefined as never)
  await eventually(() => expect(notes.windows).toHaveLength(2))
  const before = notes.windows.map(({ shown }) => shown)
  notes.fake.app.emit("second-instance")
  expect(notes.windows.map(({ shown }) => shown)).toEqual(before.map((count) => count + 1))
})

async function start(options?: ConstructorParameters<typeof Notes>[1]): Promise<Notes> {
  const notes = await new Notes(temporaryFolder(onTestFinished), options).start()
  onTestFinished(() => void notes.quit())
  return notes
}

async function two(notes: Notes) {
  await notes.store().set("windows", "second", NEW_WINDOW)
  await eventually(() => expect(notes.stores.size).toBe(2))
  const [first, second] = notes.windows
  if (first === undefined || second === undefined) throw new Error("There are not two windows")
  return [first, second] as const
}
