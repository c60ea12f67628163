import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { openStore } from "@tidemark/core/better-sqlite3"
import type { Page } from "playwright"
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest"
import { freshSeed } from "../src/random.ts"
import { killTabs } from "../src/tabs/campaign.ts"
import { openTabs, type Tabs } from "../src/tabs/tabs.ts"

let tabs: Tabs
let folder: string
beforeAll(async () => {
  tabs = await openTabs()
  folder = await mkdtemp(path.join(tmpdir(), "tidemark-exports-"))
})
afterAll(async () => {
  await tabs?.close()
  await rm(folder, { recursive: true, force: true })
})

describe("C6 the store of all tabs, in several real ones", () => {
  it("C6 loses no acknowledged write and doubles none while its leader goes 10 times", async () => {
    const seed = freshSeed()
    const { kills, batches, handovers } = await killTabs({ kills: 10, seed })
    const told = handovers.map((ms) => Math.round(ms)).join(" ")
    console.log(`kills of tabs, seed ${seed}: others wrote on after ${told} ms`)
    expect(kills).toBe(10)
    expect(batches).toBeGreaterThan(100)
  })

  it("C6 opens in ten tabs at once, and all have what each writes", async () => {
    const pages = await Promise.all(Array.from({ length: 10 }, () => tabs.open("ten")))
    await Promise.all(pages.map((page) => write(page, "ten")))
    await Promise.all(pages.map((page) => page.evaluate(() => window.hand.stop())))
    for (const page of pages) {
      await expect.poll(async () => (await counts(page)).length).toBe(10)
      await tabs.check(page, "ten")
    }
    const roles = await Promise.all(pages.map((page) => page.evaluate(() => window.hand.role())))
    expect(roles.toSorted().slice(8)).toEqual(["follower", "leader"])
    await Promise.all(pages.map((page) => page.close()))
  })

  it("C6 withstands a tab that is reloaded again and again while it opens", async () => {
    const [storming, other] = [await tabs.open("storm"), await tabs.open("storm")]
    await write(other, "storm")
    for (let reload = 0; reload < 10; reload++) {
      await storming.reload()
      storming.evaluate(() => window.hand.open("storm")).catch(() => {}) // It is gone before that ends.
    }
    await storming.reload()
    await storming.evaluate(() => window.hand.open("storm"))
    await other.evaluate(() => window.hand.stop())
    expect(await tabs.check(storming, "storm")).toBeGreaterThan(0)
    await Promise.all([storming.close(), other.close()])
  })

  // The browser of these tests has no such cache: its page is told what it would be told then.
  it("C6 hands over when its tab goes into the back/forward cache, and goes on when it is back", async () => {
    const [leader, other] = [await tabs.open("cache"), await tabs.open("cache")]
    const goes = (page: Page, type: "pagehide" | "pageshow") =>
      page.evaluate(
        (name) => dispatchEvent(new PageTransitionEvent(name, { persisted: true })),
        type,
      )
    await goes(leader, "pagehide")
    await other.evaluate(() => window.hand.probe())
    const roles = () =>
      Promise.all([leader, other].map((page) => page.evaluate(() => window.hand.role())))
    expect(await roles()).toEqual(["follower", "leader"])
    await write(leader, "cache")
    const { connection } = await leader.evaluate(() => window.hand.status())
    expect(connection).not.toBe("live")
    await goes(leader, "pageshow")
    await leader.evaluate(() => window.hand.stop())
    expect(await tabs.check(other, "cache")).toBeGreaterThan(0)
    expect(await roles()).toEqual(["follower", "leader"])
    await Promise.all([leader.close(), other.close()])
  })

  it("C6 gives its database as a file that Node reads, from whichever tab", async () => {
    const [leader, follower] = [await tabs.open("export"), await tabs.open("export")]
    await write(leader, "export")
    await leader.evaluate(() => window.hand.stop())
    for (const page of [leader, follower]) {
      const file = path.join(folder, `${await page.evaluate(() => window.hand.role())}.db`)
      await writeFile(file, Uint8Array.from(await page.evaluate(() => window.hand.database())))
      const store = openStore({ path: file })
      onTestFinished(() => store.close())
      const entries = await store.list("counts")
      expect(entries.map(({ key, value, version }) => [key, value, version])).toEqual(
        await counts(page),
      )
      expect((await store.check()).ok).toBe(true)
    }
    expect((await readdir(folder)).filter((name) => name.endsWith(".db")).toSorted()).toEqual([
      "follower.db",
      "leader.db",
    ])
    await Promise.all([leader.close(), follower.close()])
  })

  it("C6 says that storage was deleted underneath, and goes on with an empty store", async () => {
    const page = await tabs.open("deleted")
    const errors: string[] = []
    page.on("pageerror", ({ message }) => errors.push(message))
    await page.evaluate(() => window.hand.probe())
    const devtools = await tabs.context.newCDPSession(page)
    await devtools.send("Storage.clearDataForOrigin", {
      origin: new URL(tabs.url).origin,
      storageTypes: "file_systems",
    })
    await expect
      .poll(() => page.evaluate(() => window.hand.status()), { timeout: 20_000 })
      .toEqual({ evicted: true, connection: "live", reason: undefined })
    await page.evaluate(() => window.hand.probe())
    expect(await page.evaluate(() => window.hand.probes())).toBe(1)
    expect(errors).toEqual([expect.stringContaining("was deleted")])
    await page.close()
  })
})

let writers = 0

async function write(page: Page, name: string): Promise<void> {
  await page.evaluate((key) => window.hand.start([key]), `${name}/${++writers}`)
}

function counts(page: Page) {
  return page.evaluate(() => window.hand.counts())
}
