import { _electron, type ElectronApplication } from "playwright"
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest"
import { findElectron } from "../scripts/binary.mjs"
import { buildNotes } from "./fakes/built.ts"
import { expectSoon } from "./fakes/eventually.ts"
import { temporaryFolder } from "./fakes/notes.ts"

const executablePath = findElectron()

describe("in Electron itself", () => {
  let built: Awaited<ReturnType<typeof buildNotes>> | undefined

  beforeAll(async () => {
    if (executablePath !== undefined) built = await buildNotes()
  })
  beforeEach(({ skip }) => skip(executablePath === undefined, "no Electron binary"))
  afterAll(() => built?.remove())

  it("shows an edit in the other window, and all of it again after a restart", async () => {
    const data = temporaryFolder(onTestFinished)
    const first = await start(data)
    const page = await first.firstWindow()
    await page.getByRole("option", { name: "Welcome to Notes" }).waitFor()
    const opened = first.waitForEvent("window")
    await page.getByRole("button", { name: "1 window" }).click()
    await page.getByRole("button", { name: "New window" }).click()
    await page.keyboard.press("Escape")
    const other = await opened
    await other.getByRole("option", { name: "Welcome to Notes" }).waitFor()
    await page.keyboard.press("Control+n")
    await page.keyboard.type("From the first")
    await other.getByRole("option", { name: "From the first" }).waitFor()
    await first.close()

    const second = await start(data)
    const again = await second.firstWindow()
    await again.getByRole("option", { name: "From the first" }).waitFor()
    await expectSoon(() => second.windows().length).toBe(2)
    await second.close()
  })

  it("gives a page one function, and nothing of Node", async () => {
    const application = await start(temporaryFolder(onTestFinished))
    const page = await application.firstWindow()
    await page.getByRole("option").first().waitFor()
    const found = await page.evaluate(() => ({
      bridge: Object.keys((window as unknown as { tidemark: object }).tidemark),
      node: ["require", "process", "module", "Buffer"].filter((name) => name in window),
      opened: window.open("https://example.invalid/"),
      origin: location.origin,
    }))
    expect(found).toEqual({ bridge: ["connect"], node: [], opened: null, origin: "app://notes" })
    await application.close()
  })

  async function start(data: string): Promise<ElectronApplication> {
    if (executablePath === undefined || built === undefined)
      throw new Error("There is no Electron binary")
    const application = await _electron.launch({
      executablePath,
      // A container has no user namespaces for Chromium's own sandbox.
      args: [...(process.env.CI ? ["--no-sandbox"] : []), `${built.folder}/main.js`],
      env: { ...(process.env as Record<string, string>), NOTES_USER_DATA: data },
    })
    onTestFinished(() => application.close().catch(() => {})) // It may have been closed.
    return application
  }
})
