import { existsSync } from "node:fs"
import { mkdir, readFile } from "node:fs/promises"
import path from "node:path"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { type Mode, type NextApp, runNextApp } from "./next-app.ts"
import { openBrowser, type WatchedBrowser } from "./watched-browser.ts"

// `start` builds it for production first, which takes a while; Atlas is always tested as it is built.
const mode: Mode = process.env.TIDEMARK_NEXT === "start" ? "start" : "dev"

let app: NextApp
let browser: WatchedBrowser
beforeAll(async () => {
  app = await runNextApp(mode)
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await app?.stop()
})

afterEach(() => browser.closePages())

/** What was edited has to be compiled first. */
const compiled = { timeout: 60_000, interval: 200 }

const titles = (html: string) => [...html.matchAll(/<li>([^<]*)<\/li>/g)].map(([, title]) => title)

describe(`@tidemark/react/next, by next ${mode}`, () => {
  it("C3 has what was read in the answer, with no script", async () => {
    expect(existsSync(app.file)).toBe(false) // Nothing has asked for the store before.
    const html = await (await fetch(app.url)).text()
    expect(titles(html)).toEqual(["Bread", "Milk"])
    expect(html).toContain('<section data-theme="light">')
    expect(html).toMatch(/<button type="button" disabled="">More/)
  })

  it("C3 hydrates without a complaint, follows the store, and shows more", async () => {
    const page = await browser.open(app.url)
    await page.getByRole("button", { name: "More" }).click()
    await expect
      .poll(() => page.getByRole("listitem").allTextContents())
      .toEqual(["Bread", "Milk", "Tea"])
    expect(browser.faults).toEqual([])
  })

  it("C3 runs an action: what fits is in every page, what does not is told as data", async () => {
    const [page, other] = [await browser.open(app.url), await browser.open(app.url)]
    const add = async (title: string) => {
      await page.getByLabel("Title").fill(title)
      await page.getByRole("button", { name: "Add" }).click()
    }
    await add("  ")
    await page.getByText("validation_failed: The input does not fit: title: Say what").waitFor()
    await add("Bagels")
    await page.getByText("Added Bagels").waitFor()
    await other.getByText("Bagels").waitFor()
    await add("Bagels")
    await page.getByText(/^conflict: /).waitFor()
    expect(browser.faults).toEqual([])
  })

  it("C3 turns away by the headers of a request, also an action", async () => {
    const page = await browser.open(app.url)
    await page.setExtraHTTPHeaders({ "x-stranger": "yes" })
    await page.getByLabel("Title").fill("Anything")
    await page.getByRole("button", { name: "Add" }).click()
    await page.getByText(/^unauthorized: /).waitFor()
    expect(browser.faults).toEqual([])
  })

  it("C3 renders what the server has read although the page remembers other values", async () => {
    const page = await browser.open(`${app.url}/remembered`)
    await page.getByText("Yesterday").waitFor()
    expect(await page.locator("section").getAttribute("data-theme")).toBe("dark")
    await page.reload()
    await page.getByText("Yesterday").waitFor()
    expect(browser.faults).toEqual([])
  })

  it("C3 streams what is read later, all of one position, whatever is written meanwhile", async () => {
    const response = await fetch(`${app.url}/streamed`)
    const decoder = new TextDecoder()
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    let html = ""
    while (!html.includes("Later")) {
      html += decoder.decode((await reader.read()).value, { stream: true })
    }
    const [, count = ""] = /<h1>(\d+)/.exec(html) ?? []
    expect(titles(html)).toEqual([])
    await fetch(`${app.url}/api/release`, { method: "POST" })
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      html += decoder.decode(part.value, { stream: true })
    }
    expect(html).toContain(`<h2>${count}<!-- --> tasks, still</h2>`)
    expect(titles(html)).toEqual(["Bagels", "Bread"])
    expect(html).toContain('<section data-theme="light">')

    const page = await browser.open(`${app.url}/streamed`)
    await expect
      .poll(() => page.getByRole("listitem").allTextContents())
      .toEqual(["Apples", "Bagels"])
    expect(browser.faults).toEqual([])
  })

  it.runIf(mode === "dev")("C3 keeps the store when its module is loaded again", async () => {
    const opened = async () =>
      (await (await fetch(`${app.url}/opened`)).text()).match(/<p>(.*?)<\/p>/)?.[1]
    expect(await opened()).toBe("1 modules, 1 store")
    const source = await readFile(path.join(app.folder, "server/tasks.ts"), "utf8")
    await app.write("server/tasks.ts", `${source}\nexport const edited = true\n`)
    await expect.poll(opened, compiled).toBe("2 modules, 1 store")
  })

  it.runIf(mode === "dev")("C3 fails with a clear message in a client component", async () => {
    const wrong = '"use client"\nimport { serverStore } from "@tidemark/react/next"\n\n'
    await mkdir(path.join(app.folder, "app/wrong"))
    await app.write("app/wrong/page.tsx", `${wrong}export default () => String(serverStore)\n`)
    await expect.poll(async () => (await fetch(`${app.url}/wrong`)).status, compiled).toBe(500)
    expect(app.output()).toMatch(/"server-only"\. This API is only available in Server Components/)
  })
})
