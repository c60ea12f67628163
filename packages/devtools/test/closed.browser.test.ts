import { openStore } from "@tidemark/core/memory"
import { mountDevtools } from "@tidemark/devtools/production"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { page } from "vitest/browser"
import { type Mounted, mounted } from "./mounted.ts"

let panel: Mounted | undefined
const errors = vi.fn()
beforeEach(async () => {
  await page.viewport(1280, 800)
  errors.mockClear()
  window.addEventListener("error", errors)
  window.addEventListener("unhandledrejection", errors)
})
afterEach(() => {
  panel?.unmount()
  window.removeEventListener("error", errors)
  window.removeEventListener("unhandledrejection", errors)
})

const tab = (name: string) => page.getByRole("tab", { name })
const notice = () => page.getByText("This store is closed: nothing more can be read or written.")

describe("the panel of a store that closes", () => {
  it("C4 says so, keeps what it showed, and refuses to write", async () => {
    panel = await mounted()
    await page.getByRole("option", { name: /^theme/ }).click()
    await expect.element(page.getByRole("article")).toMatchTextContent('"dark"')
    await panel.store.close()
    await expect.element(notice()).toBeVisible()
    expect(panel.get("[data-fact=connection] dd").textContent).toBe("closed")
    await expect.element(page.getByRole("article")).toMatchTextContent('"dark"')
    await expect.element(page.getByRole("button", { name: "Edit" })).toBeDisabled()
    await expect.element(page.getByRole("button", { name: "Delete" })).toBeDisabled()
  })

  it("C4 can still be walked through, without an error that reaches the page", async () => {
    panel = await mounted()
    await panel.store.close()
    await tab("Events").click()
    await expect.element(page.getByRole("tree")).toMatchTextContent("users/ada")
    await tab("Versions").click()
    await tab("Entries").click()
    await expect
      .element(page.getByText("Nothing was read here before the store closed"))
      .toBeVisible()
    expect(errors).not.toHaveBeenCalled()
  })

  it("C4 shows a store that was closed before it was mounted", async () => {
    const store = openStore()
    await store.close()
    const devtools = mountDevtools(document.body, store, {
      open: true,
      storageKey: crypto.randomUUID(),
    })
    await expect.element(notice()).toBeVisible()
    devtools.unmount()
    expect(errors).not.toHaveBeenCalled()
  })

  it("C4 says on its button that the store is closed", async () => {
    panel = await mounted({ open: false })
    await panel.store.close()
    await expect
      .element(page.getByRole("button", { name: "Open Tidemark devtools (closed)" }))
      .toBeVisible()
  })
})
