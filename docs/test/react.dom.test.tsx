import { spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import path from "node:path"
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react"
import { createTestStore } from "@tidemark/core/testing"
import * as react from "@tidemark/react"
import type { ComponentType } from "react"
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest"

const docs = path.join(import.meta.dirname, "..")
const page = readFileSync(path.join(docs, "learn/react.md"), "utf8")
const files = Array.from(
  page.matchAll(/^```tsx? run (\S+)\r?\n(.*?)^```\s*$/gms),
  ([, name = "", code = ""]) => ({ name, code }),
)
// Inside the repository, so that the packages resolve.
const folder = mkdtempSync(path.join(docs, ".snippets-react-"))

beforeAll(() => {
  const config = {
    extends: "../tsconfig.json",
    compilerOptions: { jsx: "react-jsx", allowImportingTsExtensions: true },
    include: ["*.ts", "*.tsx"],
  }
  writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify(config))
  for (const { name, code } of files) writeFileSync(path.join(folder, name), code)
})
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(cleanup)

const load = (name: string) => import(/* @vite-ignore */ path.join(folder, name))
const press = (name: string) => act(async () => void fireEvent.click(screen.getByText(name)))

it("C3 the page about React shows every hook in code that is run here", () => {
  const hooks = Object.keys(react).filter((name) => name.startsWith("use"))
  expect(hooks.length).toBeGreaterThan(15)
  const code = files.map((file) => file.code).join("")
  expect(hooks.filter((hook) => !code.includes(`${hook}(`))).toEqual([])
})

it("C3 its code has no type errors", () => {
  const compiler = path.join(docs, "../node_modules/typescript/bin/tsc")
  const { status, stdout } = spawnSync(process.execPath, [compiler, "-p", folder], {
    encoding: "utf8",
  })
  expect(status, stdout).toBe(0)
})

it("C3 its application takes a new task, finishes it and deletes one", async () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => {})
  const { App } = (await load("app.tsx")) as { App: ComponentType }
  render(<App />)
  const input = screen.getByLabelText<HTMLInputElement>("New task")
  const add = async (title: string) => {
    fireEvent.input(input, { target: { value: title } })
    expect(input.value).toBe(title)
    await act(async () => void fireEvent.submit(input))
  }
  await add("Mend the net")
  await add("Read the tide table")
  expect(input.value).toBe("")
  const shown = () => screen.queryAllByRole("listitem").map((one) => one.firstChild?.textContent)
  expect(shown()).toEqual(["Mend the net", "Read the tide table"])
  await act(async () => void fireEvent.click(screen.getAllByText("Done")[0] as HTMLElement))
  expect(shown()).toEqual(["Read the tide table"])
  await press("Delete")
  expect(shown()).toEqual([])
  expect(log.mock.calls).toEqual([
    ["new:", "Mend the net"],
    ["new:", "Read the tide table"],
  ])
  log.mockRestore()
})

it("C3 its board counts, pages, waits, hears, writes together and takes back", async () => {
  const titles = { a: "Mend the net", b: "Paint the boat", c: "Read the tide table" }
  const test = createTestStore({
    seed: {
      tasks: Object.fromEntries(
        Object.entries(titles).map(([key, title]) => [key, { title, done: false }]),
      ),
    },
  })
  const { Board } = (await load("board.tsx")) as { Board: ComponentType<{ id: string }> }
  const { container } = render(
    <react.StoreProvider store={test.store}>
      <Board id="a" />
    </react.StoreProvider>,
  )
  await act(() => test.clock.pass(1_000))
  const section = (name: string) => screen.getByLabelText(name).textContent
  expect(container.textContent).toContain("0 done, 0 on their way")
  expect(section("Share")).toBe("0 of 3")
  expect(section("Pages")).toBe("Mend the netPaint the boatMore")
  expect(section("Details")).toBe("Mend the net, version 1: create")
  expect(screen.getByRole("heading").textContent).toBe("Mend the net, one of 3")

  await press("More")
  expect(section("Pages")).toBe("Mend the netPaint the boatRead the tide table")
  await press("Finish all")
  await act(() => test.clock.pass(1_000))
  expect(container.textContent).toContain("3 done")
  expect(section("Share")).toBe("3 of 3")
  expect(section("Details")).toBe("Mend the net, version 2: update, create")
  await press("Undo")
  await act(() => test.clock.pass(1_000))
  expect(container.textContent).toContain("0 done")

  await act(() => test.store.set("tasks", "d", { title: "Go out", done: false }))
  await act(() => test.clock.pass(1_000))
  expect(test.store.peek("drafts", "newest title")).toBe("Go out")
})
