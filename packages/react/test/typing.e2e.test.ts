import { fileURLToPath } from "node:url"
import { openStore } from "@tidemark/core/memory"
import { createHandler } from "@tidemark/sync/http-handler"
import { type Listening, listen } from "@tidemark/sync/node"
import { build } from "esbuild"
import { type Browser, chromium, type Page } from "playwright"
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest"
import { launchOptions } from "../../../scripts/setup/browser.mjs"
import type {} from "./typing/page.tsx"

const authority = openStore()
let server: Listening
let browser: Browser

beforeAll(async () => {
  const script = await bundle()
  const sync = createHandler(authority, { authorize: () => ({ principal: "page" }) })
  const answer = (request: Request) => {
    const { pathname } = new URL(request.url)
    if (pathname === "/api/sync") return sync(request)
    if (pathname === "/page.js") return answerOf("text/javascript", script)
    return answerOf("text/html", `<!doctype html><main></main><script src="/page.js"></script>`)
  }
  server = await listen(Object.assign(answer, { close: () => sync.close() }))
  browser = await chromium.launch(launchOptions(process.env))
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

const TYPED = "the quick brown fox jumps over the lazy dog"

describe.each([
  ["a local store", "local"],
  ["a replica behind a slow channel", "slow"],
  ["a replica over HTTP", "http"],
])("a controlled input bound to a key of %s", (_, name) => {
  it("C3 takes what is typed in the middle of a text, letter by letter, as fast as it comes", async () => {
    const page = await openPage(name)
    await page.keyboard.type("Hello world", { delay: 0 })
    for (const _ of "world") await page.keyboard.press("ArrowLeft")
    await page.keyboard.type(TYPED, { delay: 0 })
    expect(await caret(page)).toEqual([`Hello ${TYPED}world`, 6 + TYPED.length])
    for (const _ of "lazy dog") await page.keyboard.press("Backspace")
    await page.keyboard.type("fence ", { delay: 0 })
    const wanted = `Hello ${TYPED.slice(0, -8)}fence world`
    expect(await caret(page)).toEqual([wanted, wanted.length - 5])
    expect(await page.evaluate(() => window.typing.arrived())).toBe(wanted)
    if (name === "http") expect(await authority.get("texts", "one")).toBe(wanted)
    expect(await caret(page)).toEqual([wanted, wanted.length - 5])
  })

  it("C3 lets an input method compose a word in the middle of a text", async () => {
    const page = await openPage(name)
    await page.keyboard.type("<>", { delay: 0 })
    await page.keyboard.press("ArrowLeft")
    const composing = await page.evaluateHandle(() => {
      const seen: string[] = []
      for (const type of ["compositionstart", "compositionend"]) {
        document.addEventListener(type, () => seen.push(type), true)
      }
      return seen
    })
    const session = await page.context().newCDPSession(page)
    for (const text of ["k", "ka", "か", "かn", "かんj", "かんじ", "漢字"]) {
      const selection = { selectionStart: text.length, selectionEnd: text.length }
      await session.send("Input.imeSetComposition", { text, ...selection })
      expect(await caret(page)).toEqual([`<${text}>`, 1 + text.length])
    }
    await session.send("Input.insertText", { text: "漢字" })
    await page.keyboard.type("!", { delay: 0 })
    expect(await caret(page)).toEqual(["<漢字!>", 4])
    expect(await composing.jsonValue()).toEqual(["compositionstart", "compositionend"])
    expect(await page.evaluate(() => window.typing.arrived())).toBe("<漢字!>")
  })
})

/** A page with an empty input, in which the keyboard writes. */
async function openPage(name: string): Promise<Page> {
  await authority.set("texts", "one", "")
  const page = await browser.newPage()
  const errors: Error[] = []
  page.on("pageerror", (error) => errors.push(error))
  onTestFinished(async () => {
    await page.close()
    expect(errors).toEqual([])
  })
  await page.goto(`${server.url}#${name}`)
  await page.locator("input").focus()
  return page
}

/** What is in the input, and where its caret is. */
function caret(page: Page): Promise<[string, number | null]> {
  return page.locator("input").evaluate((input: HTMLInputElement) => {
    return [input.value, input.selectionStart]
  })
}

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("typing/page.tsx", import.meta.url))],
    bundle: true,
    write: false,
    format: "iife",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"development"' },
  })
  return outputFiles[0]?.text ?? ""
}

function answerOf(type: string, body: string): Response {
  return new Response(body, { headers: { "content-type": `${type}; charset=utf-8` } })
}
