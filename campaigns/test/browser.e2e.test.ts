import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { freshSeed } from "../src/random.ts"
import { Acknowledged } from "../src/tabs/acknowledged.ts"
import { BareBrowser, type BareTab } from "../src/tabs/bare-browser.ts"
import { killBrowsers } from "../src/tabs/browser-kills.ts"
import { servePage } from "../src/tabs/served.ts"

let folder: string
let served: Awaited<ReturnType<typeof servePage>>
let browser: BareBrowser
const acknowledged = new Acknowledged()
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tidemark-bare-"))
  served = await servePage()
  browser = await BareBrowser.start(folder, { url: served.url, acknowledged })
})
afterAll(async () => {
  await browser?.close()
  served?.close()
  await rm(folder, { recursive: true, force: true })
})

describe("C6 the store of all tabs, in a browser that does what it does to its user's", () => {
  it("C6 has every acknowledged write after a kill -9 of the whole browser, three times", async () => {
    const seed = freshSeed()
    console.log(`kills of the browser, seed ${seed}`)
    const { kills, batches } = await killBrowsers({ kills: 3, seed })
    expect(kills).toBe(3)
    expect(batches).toBeGreaterThan(10)
  })

  it("C6 hands over from a leader that the browser freezes, which goes on where it was", async () => {
    const [leader, other] = [await open("frozen"), await open("frozen")]
    await leader.evaluate(() => window.hand.start(["frozen/leader"]))
    await acknowledged.reaches(acknowledged.total + 20)
    await leader.ask("Page.setWebLifecycleState", { state: "frozen" })
    await other.evaluate(() => window.hand.probe())
    await expect.poll(() => role(other)).toBe("leader")
    await leader.ask("Page.setWebLifecycleState", { state: "active" })
    await leader.evaluate(() => window.hand.stop())
    expect(await role(leader)).toBe("follower")
    for (const tab of [leader, other]) {
      await expect
        .poll(async () => acknowledged.check(await counts(tab), "frozen"))
        .toBeGreaterThan(20)
    }
  })

  it("C6 hands over from a leader whose user goes to another page, and is there when they come back", async () => {
    const [leader, other] = [await open("left"), await open("left")]
    await leader.evaluate(() => window.hand.start(["left/leader"]))
    await acknowledged.reaches(acknowledged.total + 20)
    await leader.leaveAndReturn("about:blank")
    await other.evaluate(() => window.hand.probe())
    await expect.poll(() => role(other)).toBe("leader")
    // Out of the cache it is the page that it was; where there is none, it has loaded anew.
    const isKept = await leader.evaluate(() => window.hand.isOpen())
    console.log(isKept ? "the browser has cached the page" : "the browser has no cache for pages")
    if (isKept) await leader.evaluate(() => window.hand.stop())
    else await leader.evaluate(() => window.hand.open("left"))
    expect(await role(leader)).toBe("follower")
    expect(acknowledged.check(await counts(leader), "left")).toBeGreaterThan(20)
    await leader.evaluate(() => window.hand.probe())
    await expect.poll(() => other.evaluate(() => window.hand.probes())).toBe(2)
  })
})

async function open(name: string): Promise<BareTab> {
  const tab = await browser.open()
  await tab.evaluate((store) => window.hand.open(store), name)
  return tab
}

function role(tab: BareTab) {
  return tab.evaluate(() => window.hand.role())
}

function counts(tab: BareTab) {
  return tab.evaluate(() => window.hand.counts())
}
