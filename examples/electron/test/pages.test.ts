import { mkdirSync, writeFileSync } from "node:fs"
import path from "node:path"
import { expect, it, onTestFinished } from "vitest"
import { isOwnPage, PAGE_ORIGIN, pageHandler } from "../src/main/pages.ts"
import { temporaryFolder } from "./fakes/notes.ts"

it("serves the files of its folder, each with a policy that lets nothing else in", async () => {
  const answer = await ask("/")
  expect(answer.status).toBe(200)
  expect(await answer.text()).toBe("<p>Notes")
  expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8")
  const policy = answer.headers.get("content-security-policy") ?? ""
  expect(policy).toMatch("default-src 'none'")
  expect(policy).not.toMatch("unsafe")
  expect((await ask("/assets/main.js")).headers.get("content-type")).toMatch("text/javascript")
})

it.each([
  "/../secret.txt",
  "/assets/../../secret.txt",
  "/%2e%2e/secret.txt",
  "/..%2fsecret.txt",
  "/..%5csecret.txt",
  "//secret.txt",
  "/assets",
  "/nothing.js",
])("has nothing at %s", async (pathname) => {
  expect((await ask(pathname)).status).toBe(404)
})

it("answers reading only", async () => {
  expect((await ask("/", "POST")).status).toBe(405)
})

it.each([
  ["app://notes/?window=1", true],
  ["app://notes/index.html", true],
  ["app://other/", false],
  ["http://notes/", false],
  ["app://notes.evil/", false],
  ["app:notes", false],
  ["nonsense", false],
])("knows whether %s is a page of its own", (url, own) => {
  expect(isOwnPage(url, `${PAGE_ORIGIN}/`)).toBe(own)
})

async function ask(pathname: string, method = "GET"): Promise<Response> {
  const folder = temporaryFolder(onTestFinished)
  const pages = path.join(folder, "pages")
  mkdirSync(path.join(pages, "assets"), { recursive: true })
  writeFileSync(path.join(folder, "secret.txt"), "secret")
  writeFileSync(path.join(pages, "index.html"), "<p>Notes")
  writeFileSync(path.join(pages, "assets", "main.js"), "export {}")
  return pageHandler(pages)(new Request(`${PAGE_ORIGIN}${pathname}`, { method }))
}
