import type { Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { page, userEvent } from "vitest/browser"
import { type Mounted, mounted } from "./mounted.ts"

let panel: Mounted | undefined
beforeEach(() => page.viewport(1280, 800))
afterEach(() => panel?.unmount())

const kinds = () => page.getByRole("listbox", { name: "Kinds" })
const kind = (name: RegExp) => kinds().getByRole("option", { name })
const list = () => page.getByRole("listbox", { name: /^Entries of/ })
const entry = (name: RegExp) => list().getByRole("option", { name })
const detail = () => page.getByRole("article")
const button = (name: string) => detail().getByRole("button", { name })
const editor = () => detail().getByRole("textbox", { name: "Value as JSON" })

async function ada(fill?: (store: Store) => Promise<unknown>): Promise<Store> {
  panel = await mounted({}, fill)
  await kind(/^users/).click()
  await entry(/^ada/).click()
  return panel.store
}

describe("the Entries tab", () => {
  it("C4 lists the kinds with their counts, and the entries of the first one", async () => {
    panel = await mounted()
    await expect.element(kind(/^settings ?1$/)).toHaveAttribute("aria-selected", "true")
    await expect.element(kind(/^users ?2$/)).toBeVisible()
    await expect.element(entry(/^theme/)).toMatchTextContent('theme"dark"v1')
  })

  it("C4 shows the value of the chosen entry as a tree, with version, seq and time", async () => {
    await ada()
    await expect.element(detail()).toHaveAttribute("aria-label", "Entry users/ada")
    await expect.element(detail()).toMatchTextContent(/version2seq4updated/)
    const lines = detail().getByRole("treeitem")
    await expect.element(lines.filter({ hasText: 'name: "Ada"' })).toBeVisible()
    await expect.element(lines.filter({ hasText: '0: "admin"' })).toHaveAttribute("aria-level", "3")
  })

  it("C4 opens and closes the tree with the arrow keys", async () => {
    await ada()
    const tags = detail().getByRole("treeitem").filter({ hasText: "tags" })
    await tags.click()
    await expect.element(tags).toHaveAttribute("aria-expanded", "false")
    await userEvent.keyboard("{ArrowRight}")
    await expect.element(tags).toHaveAttribute("aria-expanded", "true")
    await userEvent.keyboard("{ArrowDown}{ArrowDown}")
    const owner = detail().getByRole("treeitem").filter({ hasText: '1: "owner"' })
    await expect.element(owner).toHaveAttribute("aria-selected", "true")
    await userEvent.keyboard("{ArrowLeft}{ArrowLeft}")
    await expect.element(tags).toHaveAttribute("aria-expanded", "false")
  })

  it("C4 a value that is not plain JSON is shown, but not edited as text", async () => {
    const codec = {
      name: "date",
      encode: String,
      decode: (data: unknown) => new Date(String(data)),
    }
    const store = openStore({ kinds: { days: { codec } } }) as Store
    panel = await mounted({}, () => store.set("days", "first", new Date(0)), store)
    await kind(/^days/).click()
    await entry(/^first/).click()
    await expect.element(button("Delete")).toBeVisible()
    await expect.element(button("Edit")).not.toBeInTheDocument()
  })

  it("C4 follows changes made elsewhere: values, counts, new kinds", async () => {
    const store = await ada()
    await store.set("users", "ada", { name: "Ada Lovelace" })
    await store.set("users", "alan", { name: "Alan" })
    await store.set("notes", "n1", "first")
    await expect.element(detail()).toMatchTextContent('name: "Ada Lovelace"')
    await expect.element(detail()).toMatchTextContent(/version3/)
    await expect.element(entry(/^alan/)).toBeVisible()
    await expect.element(kind(/^users ?3$/)).toBeVisible()
    await expect.element(kind(/^notes ?1$/)).toBeVisible()
  })

  it("C4 goes through the entries with the keyboard alone", async () => {
    panel = await mounted()
    await kind(/^settings/).click()
    await userEvent.keyboard("{ArrowDown}")
    await expect.element(kind(/^users/)).toHaveAttribute("aria-selected", "true")
    await expect.element(entry(/^grace/)).toBeVisible()
    await userEvent.tab()
    await userEvent.tab()
    await userEvent.keyboard("{ArrowDown}{ArrowDown}")
    await expect.element(entry(/^grace/)).toHaveAttribute("aria-selected", "true")
    await expect.element(detail()).toHaveAttribute("aria-label", "Entry users/grace")
    const root = panel.get("section").getRootNode() as ShadowRoot
    const active = root.activeElement?.getAttribute("aria-activedescendant") ?? ""
    expect(root.getElementById(active)?.textContent).toContain("grace")
  })

  it("C4 saves an edit with the version that was read, and names its origin", async () => {
    const store = await ada()
    await button("Edit").click()
    await editor().fill('{ "name": "Countess" }')
    await userEvent.keyboard("{Control>}{Enter}{/Control}")
    await expect
      .element(detail().getByRole("treeitem").filter({ hasText: "Countess" }))
      .toBeVisible()
    expect(await store.get("users", "ada")).toEqual({ name: "Countess" })
    expect((await store.history("users", "ada"))[0]).toMatchObject({
      origin: "devtools",
      version: 3,
    })
  })

  it("C4 does not save what is no JSON, and says where it is not", async () => {
    await ada()
    await button("Edit").click()
    await editor().fill('{ "name": }')
    await expect.element(detail()).toMatchTextContent(/This is not JSON yet: Unexpected token/)
    await expect.element(button("Save")).toBeDisabled()
  })

  it("C4 shows a conflict with its hint, keeps the edit, and offers the newest", async () => {
    const store = await ada()
    await button("Edit").click()
    await store.set("users", "ada", { name: "Somebody else's" })
    await editor().fill('{ "name": "Mine" }')
    await button("Save").click()
    const alert = detail().getByRole("alert")
    await expect
      .element(alert)
      .toMatchTextContent("conflict users/ada is at version 3, not at version 2")
    await expect.element(alert).toMatchTextContent(/Read it again/)
    await expect.element(editor()).toHaveValue('{ "name": "Mine" }')
    await button("Take the newest").click()
    await expect.element(editor()).toHaveValue('{\n  "name": "Somebody else\'s"\n}')
  })

  it("C4 keeps an edit when Escape is pressed", async () => {
    await ada()
    await button("Edit").click()
    await editor().fill("[1]")
    await userEvent.keyboard("{Escape}")
    await expect.element(editor()).toHaveValue("[1]")
  })

  it("C4 deletes only after a question, and keeps the versions in reach", async () => {
    const store = await ada()
    await button("Delete").click()
    const question = detail().getByRole("alertdialog")
    await expect.element(question).toMatchTextContent("Delete users/ada at version 2?")
    await question.getByRole("button", { name: "Keep it" }).click()
    expect(await store.get("users", "ada")).toBeDefined()
    await button("Delete").click()
    await question.getByRole("button", { name: "Delete" }).click()
    await expect.element(detail()).toMatchTextContent("There is no such entry now")
    expect(await store.get("users", "ada")).toBeUndefined()
    await button("Show versions").click()
    await expect.element(page.getByRole("option", { name: /^v3 ?delete/ })).toBeVisible()
  })

  it("C4 copies the value as JSON, or says that it may not", async () => {
    await ada()
    const write = vi.spyOn(navigator.clipboard, "writeText").mockResolvedValue()
    await button("Copy as JSON").click()
    await expect.element(button("Copied")).toBeVisible()
    expect(JSON.parse(write.mock.calls[0]?.[0] ?? "")).toEqual({
      name: "Ada",
      tags: ["admin", "owner"],
    })
    write.mockRejectedValue(new DOMException("no", "NotAllowedError"))
    await button("Copied").click()
    await expect.element(button("The browser refused to copy")).toBeVisible()
    write.mockRestore()
  })
})
