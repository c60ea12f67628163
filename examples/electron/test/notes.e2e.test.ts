import path from "node:path"
import { type Clock, systemClock } from "@tidemark/core"
import type { Browser, Page } from "playwright"
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from "vitest"
import { runNotes } from "../src/main/run-notes.ts"
import { buildNotes } from "./fakes/built.ts"
import { ChromiumElectron, launchChromium, ORIGIN } from "./fakes/chromium.ts"
import { expectSoon } from "./fakes/eventually.ts"
import { CONNECT } from "./fakes/ipc.ts"
import { temporaryFolder } from "./fakes/notes.ts"

// A busy machine may be slow to flush a window.
const patient: Clock = { ...systemClock, after: (ms, call) => systemClock.after(ms * 10, call) }

let browser: Browser
let built: Awaited<ReturnType<typeof buildNotes>>

beforeAll(async () => {
  ;[built, browser] = await Promise.all([buildNotes(), launchChromium()])
})

afterAll(async () => {
  await browser?.close()
  built?.remove()
})

it("shows what is written in one window in the other, as it is written", async () => {
  const notes = await start()
  const [first, second] = await two(notes)
  await write(first, "Harbour", "Grey light")
  await expectSoon(() => titles(second)).toEqual(["Harbour", "Welcome to Notes"])
  await second.getByRole("option", { name: "Harbour" }).click()
  await expectSoon(() => text(second)).toBe("Grey light")
  await first.getByRole("textbox", { name: "Text" }).press("End")
  await first.keyboard.type(" until ten")
  await expectSoon(() => text(second)).toBe("Grey light until ten")
})

it("keeps the caret where its person has it while another window writes before it", async () => {
  const notes = await start()
  const [first, second] = await two(notes)
  await write(first, "Shared", "one two")
  await second.getByRole("option", { name: "Shared" }).click()
  await expectSoon(() => text(second)).toBe("one two")
  await second.getByRole("textbox", { name: "Text" }).press("Control+End")
  await first.getByRole("textbox", { name: "Text" }).press("Control+Home")
  await first.keyboard.type("zero ")
  await expectSoon(() => text(second)).toBe("zero one two")
  await second.keyboard.type(" three")
  await expectSoon(() => text(first)).toBe("zero one two three")
})

it("draws all windows as the settings of one want it", async () => {
  const notes = await start()
  const [first, second] = await two(notes)
  await first.getByRole("button", { name: "Appearance" }).click()
  await first.getByText("Dark").click()
  await first.getByRole("slider", { name: "Text size" }).fill("22")
  const look = () =>
    second.evaluate(() => {
      const { colorScheme } = getComputedStyle(document.documentElement)
      const field = document.querySelector(".editor-body")
      return `${colorScheme} ${field && getComputedStyle(field).fontSize}`
    })
  await expectSoon(look).toBe("dark 22px")
  expect(notes.nativeTheme.themeSource).toBe("dark")
})

it("finds, walks, pins, deletes and takes back with the keyboard alone", async () => {
  const notes = await start()
  const page = await shown(notes)
  await write(page, "Groceries", "lemons")
  await write(page, "Reading list", "")
  await page.keyboard.press("Control+f")
  await page.keyboard.type("LEMON")
  await expectSoon(() => titles(page)).toEqual(["Groceries"])
  await page.keyboard.press("Escape")
  await expectSoon(() => titles(page)).toHaveLength(3)
  await page.getByRole("listbox", { name: "Notes" }).focus()
  await page.keyboard.press("Home")
  await page.keyboard.press("ArrowDown")
  await expectSoon(() => chosen(page)).toBe("Groceries")
  await page.keyboard.press("Delete")
  await expectSoon(() => titles(page)).toEqual(["Reading list", "Welcome to Notes"])
  await page.getByRole("button", { name: "Undo" }).press("Enter")
  await expectSoon(() => titles(page)).toEqual(["Reading list", "Groceries", "Welcome to Notes"])
  await expectSoon(() => chosen(page)).toBe("Groceries")
  await page.getByRole("button", { name: "Pin to the top" }).press("Enter")
  await expectSoon(() => titles(page)).toEqual(["Groceries", "Reading list", "Welcome to Notes"])
  await page.getByRole("listbox", { name: "Notes" }).press("Enter")
  await page.keyboard.press("Control+End")
  await page.keyboard.type(", bread")
  await expectSoon(() => text(page)).toBe("lemons, bread")
})

it("loses nothing of a window that is closed while its person still types", async () => {
  const notes = await start()
  const [first, second] = await two(notes)
  await write(second, "Last words", "")
  const words = "every letter of this was shown, so every letter of it is kept"
  await second.keyboard.type(words)
  notes.windowOf(second).close()
  await expectSoon(() => notes.pages.size).toBe(1)
  await first.getByRole("option", { name: "Last words" }).click()
  await expectSoon(() => text(first)).toBe(words)
  expect(notes.boxes).toEqual([])
})

it("loses nothing that was acknowledged when a window is torn down in the middle of a word", async () => {
  const notes = await start()
  const [first, second] = await two(notes)
  await write(second, "Torn", "acknowledged")
  await expectSoon(() => state(second)).toBe("live 0")
  await expectSoon(() => titles(first)).toContain("Torn")
  const typing = second.keyboard.type(" and then some more that may be lost").catch(() => {})
  notes.windowOf(second).destroy()
  await typing
  await first.getByRole("option", { name: "Torn" }).click()
  await expectSoon(() => text(first)).toMatch(/^acknowledged/)
  await write(first, "After", "it goes on")
  await expectSoon(() => state(first)).toBe("live 0")
})

it("shows everything again when it is started again: notes, windows, their places and their choice", async () => {
  const folder = temporaryFolder(onTestFinished)
  const before = await start(folder)
  const [, second] = await two(before)
  await write(second, "Kept", "over the night")
  const bounds = { x: 320, y: 140, width: 720, height: 520 }
  before.windowOf(second).place(bounds)
  const { id } = before.windowOf(second)
  before.quit()
  expect(await before.quitted).toBe(0)

  const after = await start(folder)
  await expectSoon(() => after.pages.size).toBe(2)
  const window = [...after.windows].find((one) => one.id === id)
  expect(window?.bounds).toEqual(bounds)
  const page = window && after.pages.get(window)
  if (page === undefined) throw new Error("The window has not come back")
  await expectSoon(() => chosen(page)).toBe("Kept")
  await expectSoon(() => text(page)).toBe("over the night")
})

it("asks for a new port when its port closes, and goes on", async () => {
  const notes = await start()
  const [page, other] = await two(notes)
  const asked = vi.fn()
  const { webContents } = notes.windowOf(page)
  // A request that is not the page's own: main ends the port that the page has.
  notes.send({ sender: webContents, senderFrame: webContents.mainFrame }, CONNECT, 999)
  notes.ipcMain.on(CONNECT, asked)
  await write(page, "Afterwards", "still here")
  await expectSoon(() => asked.mock.calls.length).toBe(1)
  await expectSoon(() => state(page)).toBe("live 0")
  await expectSoon(() => titles(other)).toContain("Afterwards")
  await expectSoon(() => page.getByRole("status").first().textContent()).toBe("Saved")
})

it("shows where all windows stand, as they are moved", async () => {
  const notes = await start()
  const [first, second] = await two(notes)
  await first.getByRole("button", { name: "2 windows" }).click()
  notes.windowOf(second).place({ x: 900, y: 300, width: 654, height: 321 })
  await expectSoon(() => first.getByText("654 × 321").isVisible()).toBe(true)
})

it("opens the panel that looks into the store", async () => {
  const notes = await start()
  const page = await shown(notes)
  await page.keyboard.press("Control+Shift+d")
  await expectSoon(() => page.getByRole("tab", { name: "Versions" }).isVisible()).toBe(true)
})

it("shows the list or one note where the window is narrow", async () => {
  const notes = await start()
  const page = await shown(notes)
  await page.setViewportSize({ width: 380, height: 600 })
  const list = page.getByRole("listbox", { name: "Notes" })
  const note = page.getByRole("textbox", { name: "Text" })
  await expect
    .poll(async () => [await list.isVisible(), await note.isVisible()])
    .toEqual([true, false])
  await page.getByRole("option").first().click()
  await expect
    .poll(async () => [await list.isVisible(), await note.isVisible()])
    .toEqual([false, true])
  await page.getByRole("button", { name: "Back to the list" }).click()
  await expect
    .poll(async () => [await list.isVisible(), await note.isVisible()])
    .toEqual([true, false])
})

/** The real application over pages of Chromium; whatever a page complains of fails the test. */
async function start(folder = temporaryFolder(onTestFinished)): Promise<ChromiumElectron> {
  const context = await browser.newContext({ locale: "en-GB" })
  const notes = new ChromiumElectron(context, { userData: folder, built: built.folder })
  onTestFinished(async () => {
    for (const window of [...notes.windows]) window.destroy()
    notes.quit()
    await notes.quitted
    await context.close()
    expect(notes.complaints).toEqual([])
  })
  await runNotes(notes.electron, {
    pages: path.join(built.folder, "renderer"),
    preload: path.join(built.folder, "preload.cjs"),
    platform: "linux",
    devUrl: `${ORIGIN}/`,
    clock: patient,
  })
  return notes
}

/** The page of the only window, once it shows notes. */
async function shown(notes: ChromiumElectron, index = 0): Promise<Page> {
  await vi.waitUntil(() => notes.pages.size > index, { timeout: 10_000 })
  const page = notes.page(index)
  await page.getByRole("option").first().waitFor()
  return page
}

async function two(notes: ChromiumElectron): Promise<readonly [Page, Page]> {
  const first = await shown(notes)
  await first.getByRole("button", { name: "1 window" }).click()
  await first.getByRole("button", { name: "New window" }).click()
  await first.keyboard.press("Escape")
  return [first, await shown(notes, 1)]
}

async function write(page: Page, title: string, body: string): Promise<void> {
  await page.keyboard.press("Control+n")
  await page.keyboard.type(title)
  await page.keyboard.press("Enter")
  await page.keyboard.type(body)
}

function titles(page: Page): Promise<string[]> {
  return page.locator(".row-title").allTextContents()
}

function chosen(page: Page): Promise<string | null> {
  return page.getByRole("option", { selected: true }).locator(".row-title").textContent()
}

function text(page: Page): Promise<string> {
  return page.getByRole("textbox", { name: "Text" }).inputValue()
}

/** The connection of a page's store, and how many of its writes are pending. */
function state(page: Page): Promise<string> {
  return page
    .getByRole("status")
    .first()
    .evaluate((element) => {
      const { connection, pending } = (element as HTMLElement).dataset
      return `${connection} ${pending}`
    })
}
