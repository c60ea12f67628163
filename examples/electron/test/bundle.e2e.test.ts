import { execFile } from "node:child_process"
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import path from "node:path"
import { promisify } from "node:util"
import { build } from "esbuild"
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest"
import { FILE } from "../src/main/open-notes.ts"
import { buildNotes } from "./fakes/built.ts"
import { temporaryFolder } from "./fakes/notes.ts"

let built: Awaited<ReturnType<typeof buildNotes>>

beforeAll(async () => {
  built = await buildNotes()
})

afterAll(() => built?.remove())

it("opens its file and a window from the built main process, with Electron's module replaced", async () => {
  const data = temporaryFolder(onTestFinished)
  const module = path.join(built.folder, "node_modules", "electron")
  mkdirSync(module, { recursive: true })
  writeFileSync(path.join(module, "package.json"), '{ "type": "module", "main": "index.js" }')
  await build({
    entryPoints: [path.join(import.meta.dirname, "fakes", "electron-module.ts")],
    outfile: path.join(module, "index.js"),
    bundle: true,
    platform: "node",
    format: "esm",
  })
  const start = path.join(built.folder, "start.js")
  writeFileSync(start, 'await import("./main.js")\n;(await import("electron")).emitReady()\n')
  const { stdout } = await promisify(execFile)(process.execPath, [start], {
    env: { ...process.env, NOTES_USER_DATA: data },
  })
  const [window, end] = stdout
    .trim()
    .split("\n")
    .map((line): unknown => JSON.parse(line))
  expect(window).toEqual({
    url: expect.stringMatching(/^app:\/\/notes\/\?window=/),
    preload: path.join(built.folder, "preload.cjs"),
  })
  expect(end).toEqual({ code: 0, boxes: [] })
  expect(existsSync(path.join(data, FILE))).toBe(true)
})

it("builds a preload script that a sandbox can load: one script that requires Electron alone", () => {
  const script = readFileSync(path.join(built.folder, "preload.cjs"), "utf8")
  expect([...script.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name]) => name)).toEqual([
    "electron",
  ])
  expect(script).not.toMatch(/^\s*(import|export)\b/m)
})

it("builds a page without a script or a style of its own text, which the policy would refuse", () => {
  const page = readFileSync(path.join(built.folder, "renderer", "index.html"), "utf8")
  expect(page).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/)
})
