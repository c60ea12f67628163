import type { Store } from "@tidemark/core"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { page, userEvent } from "vitest/browser"
import { type Mounted, mounted } from "./mounted.ts"

let panel: Mounted | undefined
beforeEach(() => page.viewport(1280, 800))
afterEach(() => panel?.unmount())

const versions = () => page.getByRole("listbox", { name: "Versions" })
const version = (name: RegExp) => versions().getByRole("option", { name })
const difference = () => page.getByRole("region", { name: "Differences" })
const panelText = () => page.getByRole("tabpanel")

async function fillNote(store: Store): Promise<void> {
  const note = { title: "Tides of the North Sea", done: false, tags: ["sea"] }
  await store.set("notes", "n1", note, { origin: "window-1" })
  await store.set(
    "notes",
    "n1",
    { ...note, title: "Tides of the Wadden Sea" },
    { origin: "window-2" },
  )
  await store.set("notes", "n1", {
    title: "Tides of the Wadden Sea",
    done: true,
    tags: ["sea", "mud"],
  })
}

async function mountedVersions(): Promise<Store> {
  panel = await mounted({}, fillNote)
  await page.getByRole("option", { name: /^n1/ }).click()
  await page.getByRole("tab", { name: "Versions" }).click()
  return panel.store
}

describe("the Versions tab", () => {
  it("C4 asks for an entry while none is chosen", async () => {
    panel = await mounted()
    await page.getByRole("tab", { name: "Versions" }).click()
    await page.getByRole("button", { name: "Choose one in Entries" }).click()
    await expect
      .element(page.getByRole("tab", { name: "Entries" }))
      .toHaveAttribute("aria-selected", "true")
  })

  it("C4 lists the versions newest first, with type, seq, cause and origin", async () => {
    await mountedVersions()
    await expect.element(version(/^v3/)).toHaveAttribute("aria-selected", "true")
    await expect.element(version(/^v2/)).toMatchTextContent(/update.*seq 2 · write · by window-2/)
    await expect.element(version(/^v1/)).toMatchTextContent(/create.*seq 1 · write · by window-1/)
    expect(versions().element().querySelectorAll("[role=option]")).toHaveLength(3)
  })

  it("C4 shows what a version changed against the one before it", async () => {
    await mountedVersions()
    await expect.element(difference()).toMatchTextContent("1 changed · 1 added")
    await expect.element(difference()).toMatchTextContent("donechangedfalse → true")
    await expect.element(difference()).toMatchTextContent('tags[1]added"mud"')
  })

  it("C4 marks the words that changed inside a text", async () => {
    await mountedVersions()
    await version(/^v2/).click()
    await expect.element(difference()).toMatchTextContent("titlechanged")
    const text = difference().element()
    expect(text.querySelector("del")?.textContent).toBe("North")
    expect(text.querySelector("ins")?.textContent).toBe("Wadden")
  })

  it("C4 compares any two versions", async () => {
    await mountedVersions()
    await page.getByRole("combobox", { name: "v3 against" }).selectOptions("v1 · create")
    await expect.element(difference()).toMatchTextContent("2 changed · 1 added")
    await version(/^v2/).click()
    await page.getByRole("combobox", { name: "v2 against" }).selectOptions("v3 · update")
    await expect.element(difference()).toMatchTextContent('tags[1]removed"mud"')
  })

  it("C4 shows the whole value of a version, chosen with the arrow keys", async () => {
    await mountedVersions()
    await version(/^v3/).click()
    await userEvent.keyboard("{ArrowDown}{ArrowDown}")
    await expect.element(version(/^v1/)).toHaveAttribute("aria-selected", "true")
    await page.getByRole("button", { name: "Value" }).click()
    const line = page.getByRole("treeitem").filter({ hasText: "title" })
    await expect.element(line).toMatchTextContent('title: "Tides of the North Sea"')
  })

  it("C4 follows the newest version as it comes, and tells a delete", async () => {
    const store = await mountedVersions()
    await store.set("notes", "n1", { title: "Four" })
    await expect.element(version(/^v4/)).toHaveAttribute("aria-selected", "true")
    await store.delete("notes", "n1")
    await expect.element(version(/^v5/)).toMatchTextContent("delete")
    await expect.element(difference()).toMatchTextContent("the whole valueremoved")
    await page.getByRole("button", { name: "Value" }).click()
    await expect.element(panelText()).toMatchTextContent("This is what was deleted")
  })

  it("C4 stays on a chosen version while newer ones come", async () => {
    const store = await mountedVersions()
    await version(/^v2/).click()
    await store.set("notes", "n1", { title: "Four" })
    await expect.element(version(/^v4/)).toBeVisible()
    await expect.element(version(/^v2/)).toHaveAttribute("aria-selected", "true")
  })

  it("C4 reads older versions when one asks for them", async () => {
    panel = await mounted({}, async (store) => {
      for (let count = 1; count <= 120; count++) await store.set("counters", "clicks", count)
    })
    await page.getByRole("option", { name: /^clicks/ }).click()
    await page.getByRole("tab", { name: "Versions" }).click()
    await expect.element(version(/^v120/)).toHaveAttribute("aria-setsize", "100")
    await page.getByRole("button", { name: "Show older versions" }).click()
    await expect.element(version(/^v120/)).toHaveAttribute("aria-setsize", "120")
  })
})
