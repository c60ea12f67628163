import type { Page } from "playwright"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { type Browser, live, offline, openBrowser, openPlace } from "./browser.ts"
import { type Served, serveAtlas } from "./served.ts"

const ALL = 171_075

let served: Served
let one: Browser
let other: Browser
beforeAll(async () => {
  served = await serveAtlas()
  one = await openBrowser(served.folder, "one")
  other = await openBrowser(served.folder, "other")
})
afterAll(async () => {
  await one?.close()
  await other?.close()
  await served?.remove()
})

afterEach(async () => {
  await served.start()
  await one.closePages()
  await other.closePages()
})

describe("Atlas with all places", () => {
  it("has the first rows, their number and the credit in the first answer", async () => {
    const html = await (await fetch(served.url)).text()
    expect(html.match(/class="row place"/g)?.length).toBeGreaterThanOrEqual(50)
    expect(html).toContain("100 Mile House")
    expect(html).toContain("British Columbia")
    expect(html).toContain("171,075")
    expect(html).toContain('href="https://www.geonames.org/"')
    expect(html).toContain('href="https://creativecommons.org/licenses/by/4.0/"')
  })

  it("turns away who has not opened the page, and pages of others", async () => {
    const hello = {
      protocol: 2,
      client: "c".repeat(32),
      epoch: null,
      position: 0,
      view: null,
      follow: null,
      schemas: {},
    }
    const url = `${served.url}api/tidemark?hello=${encodeURIComponent(JSON.stringify(hello))}`
    expect((await fetch(url)).status).toBe(403)
    const cookie = (await fetch(served.url)).headers.getSetCookie()[0]?.split(";")[0] as string
    const headers = { cookie, origin: "http://elsewhere.test" }
    expect((await fetch(url, { headers })).status).toBe(403)
  })

  it("shows an edit of one window in the other without a reload", async () => {
    const [a, b] = await Promise.all([one.open(served.url), other.open(served.url)])
    await Promise.all([live(a), live(b)])
    await Promise.all([all(a), all(b)])
    await Promise.all([openPlace(a, "Reykjavík"), openPlace(b, "Reykjavík")])
    await a.getByRole("radio", { name: "4 stars" }).check({ force: true })
    await a.getByLabel("Tags").fill("north")
    await a.getByLabel("Tags").press("Enter")
    await a.getByLabel("Note").pressSequentially("The light in June.")
    await b.getByText("The light in June.").waitFor()
    await b.getByRole("button", { name: "Remove the tag north" }).waitFor()
    expect(await b.getByRole("radio", { name: "4 stars" }).isChecked()).toBe(true)
    await b.getByRole("img", { name: "4 of 5 stars" }).waitFor()
    // The caret stays where it is while somebody else writes elsewhere in the same place.
    await a.getByLabel("Note").press("Home")
    await b.getByRole("radio", { name: "5 stars" }).check({ force: true })
    await a.getByRole("img", { name: "5 of 5 stars" }).waitFor()
    await a.keyboard.type("Go for it: ")
    await b.getByText("Go for it: The light in June.").waitFor()
  })

  it("has an edit that was acknowledged after a kill -9 of the server", async () => {
    const page = await one.open(served.url)
    await live(page)
    await openPlace(page, "Samarkand")
    await page.getByLabel("Note").fill("Acknowledged")
    await page.getByText("Saved, and seen by everybody.").waitFor()
    await served.kill()
    await served.start()
    const fresh = await other.open(served.url)
    await live(fresh)
    await openPlace(fresh, "Samarkand")
    expect(await fresh.getByLabel("Note").inputValue()).toBe("Acknowledged")
  })

  it("keeps edits without a server, through a reload, and sends them when it is back", async () => {
    const page = await one.open(served.url)
    await live(page)
    await openPlace(page, "Timbuktu")
    await page.getByText("Kept in this browser (OPFS)").waitFor()
    await page.evaluate(() => navigator.serviceWorker.ready)
    await served.stop()
    await offline(page)
    await page.getByLabel("Note").fill("Written without a server")
    await page.getByText("Kept here, and sent when the server is back.").waitFor()
    await page.getByText("1 pending edit", { exact: true }).waitFor()

    await page.reload()
    await page.getByText("1 pending edit", { exact: true }).waitFor()
    await offline(page)
    await all(page)
    expect(await page.getByText("Kept in this browser (OPFS)").isVisible()).toBe(true)
    expect(await page.getByLabel("Note").inputValue()).toBe("Written without a server")
    await openPlace(page, "Zanzibar")

    await served.start()
    await page.getByText("Nothing pending").waitFor()
    await live(page)
    const fresh = await other.open(served.url)
    await live(fresh)
    await openPlace(fresh, "Timbuktu")
    expect(await fresh.getByLabel("Note").inputValue()).toBe("Written without a server")
  })

  it("says so when another tab has the storage, and works all the same", async () => {
    const [first, second] = [await one.open(served.url), await one.open(served.url)]
    await second.getByText("Kept in memory: another tab has the storage").waitFor()
    await live(second)
    await openPlace(second, "Ushuaia")
    await second.getByLabel("Note").fill("From the second tab")
    await live(first)
    await openPlace(first, "Ushuaia")
    await expect.poll(() => first.getByLabel("Note").inputValue()).toBe("From the second tab")
  })

  it("finds, sorts and opens by keyboard alone", async () => {
    const page = await one.open(served.url)
    await live(page)
    await page.keyboard.press("/")
    await page.keyboard.type("paris texas")
    await page.getByText("1 found", { exact: true }).waitFor()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await page.getByRole("heading", { level: 2, name: "Paris" }).waitFor()
    await page.keyboard.press("Escape")
    expect(await page.getByRole("heading", { level: 2 }).count()).toBe(0)
    expect(await activeName(page)).toBe("Paris")

    await page.keyboard.press("/")
    await page.keyboard.press("Escape")
    await page.getByRole("button", { name: "Latitude" }).press("Enter")
    await expect.poll(() => activeName(page)).toBe("Longyearbyen")
    await page.keyboard.press("Tab")
    await page.getByRole("grid").press("End")
    await expect.poll(() => activeName(page)).toBe("Puerto Williams")
  })

  it("has said nothing in any console that it should not", () => {
    expect([...one.faults, ...other.faults]).toEqual([])
  })
})

/** Waits until the table has all places. */
async function all(page: Page): Promise<void> {
  await page.locator(`[role="grid"][aria-rowcount="${ALL + 1}"]`).waitFor()
}

/** The name in the active row. */
async function activeName(page: Page): Promise<string | null> {
  const id = await page.getByRole("grid").getAttribute("aria-activedescendant")
  return page.locator(`#${id} .name`).textContent()
}
