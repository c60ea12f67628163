import type { CDPSession, Page } from "playwright"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openTabs, type Tabs } from "../src/tabs/tabs.ts"

let tabs: Tabs
beforeAll(async () => {
  tabs = await openTabs()
})
afterAll(() => tabs?.close())

describe("C6 storage that a real browser refuses", () => {
  it("C6 says `unsupported` to a page that is neither on loopback nor over HTTPS", async () => {
    const page = await tabs.context.newPage()
    await page.goto(tabs.unsafeUrl)
    expect(await refusal(page, "unsafe")).toBe("unsupported")
    await page.close()
  })

  it("C6 says `private` to a page that may store nothing", async () => {
    const page = await tabs.context.newPage()
    await page.goto(`${tabs.url}no-origin.html`)
    expect(await refusal(page, "nothing")).toBe("private")
    await page.close()
  })

  it("C6 says `full` where there is no room for a new store", async () => {
    const page = await tabs.context.newPage()
    await page.goto(tabs.url)
    const quota = await limit(page)
    await quota.set(1_000)
    expect(await refusal(page, "new")).toBe("full")
    await quota.lift()
    expect(await refusal(page, "new")).toBe("none")
    await page.close()
  })

  it("C6 keeps writes for which there is no room, says `full`, and stores them when there is some", async () => {
    const [page, other] = [await tabs.open("room"), await tabs.open("room")]
    await page.evaluate(() => window.hand.probe())
    const quota = await limit(page)
    await quota.set(1_000)
    const isThere = { large: false, small: false }
    const large = page
      .evaluate(() => window.hand.fill(5_000_000))
      .then(() => {
        isThere.large = true
      })
    await expect.poll(() => reason(page)).toBe("full")
    const small = page
      .evaluate(() => window.hand.probe())
      .then(() => {
        isThere.small = true
      })
    await expect.poll(() => reason(other)).toBe("full")
    expect(isThere).toEqual({ large: false, small: false })
    await quota.lift()
    await Promise.all([large, small])
    await expect.poll(() => other.evaluate(() => window.hand.probes())).toBe(2)
    for (const tab of [page, other]) {
      expect(await status(tab)).toEqual({ evicted: false, connection: "live", reason: undefined })
    }
    await Promise.all([page.close(), other.close()])
  })
})

/** Limits what the origin of a page may store, in bytes. */
async function limit(
  page: Page,
): Promise<{ set(bytes: number): Promise<void>; lift(): Promise<void> }> {
  const devtools: CDPSession = await tabs.context.newCDPSession(page)
  const origin = new URL(tabs.url).origin
  return {
    async set(quotaSize) {
      await devtools.send("Storage.overrideQuotaForOrigin", { origin, quotaSize })
    },
    async lift() {
      await devtools.send("Storage.overrideQuotaForOrigin", { origin })
    },
  }
}

function refusal(page: Page, name: string) {
  return page.evaluate((store) => window.hand.refusal(store), name)
}

function status(page: Page) {
  return page.evaluate(() => window.hand.status())
}

async function reason(page: Page): Promise<unknown> {
  return (await status(page)).reason
}
