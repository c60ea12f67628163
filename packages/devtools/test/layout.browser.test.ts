import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { page, userEvent } from "vitest/browser"
import { heldStore } from "./held-store.ts"
import { type Mounted, mounted } from "./mounted.ts"

let panel: Mounted | undefined
beforeEach(() => page.viewport(1280, 800))
afterEach(() => panel?.unmount())

const launcher = () => page.getByRole("button", { name: /^Open Tidemark devtools/ })
const focused = () => panel?.element.firstElementChild?.shadowRoot?.activeElement

describe("the panel on the page", () => {
  it("C4 opens with the keyboard, takes the focus, and gives it back on Escape", async () => {
    panel = await mounted({ open: false })
    await expect.element(launcher()).toBeVisible()
    panel.get("button.launcher").focus()
    await userEvent.keyboard("{Enter}")
    await expect.element(page.getByRole("tab", { name: "Entries" })).toBeVisible()
    await expect.poll(() => focused()?.textContent).toBe("Entries")
    await userEvent.keyboard("{Escape}")
    await expect.element(launcher()).toBeVisible()
    await expect.poll(() => focused()?.className).toContain("launcher")
  })

  it("C4 leaves the focus where it is when it opens by itself", async () => {
    panel = await mounted({ open: true })
    await expect.element(page.getByRole("tab", { name: "Entries" })).toBeVisible()
    expect(document.activeElement).toBe(document.body)
  })

  it("C4 is as light or dark as it is told, else as the system is", async () => {
    const ground = async (theme: "auto" | "light" | "dark") => {
      const { get, unmount } = await mounted({ theme })
      const { backgroundColor } = getComputedStyle(get(".docked"))
      unmount()
      return backgroundColor
    }
    const [auto, light, dark] = [await ground("auto"), await ground("light"), await ground("dark")]
    expect(light).toBe("rgb(255, 255, 255)")
    expect(dark).toBe("rgb(14, 22, 25)")
    const systemIsDark = matchMedia("(prefers-color-scheme: dark)").matches
    expect(auto).toBe(systemIsDark ? dark : light)
  })

  it("C4 leads from kind to entry and back where there is little room, and nothing sticks out", async () => {
    await page.viewport(360, 740)
    panel = await mounted()
    await page.getByRole("combobox", { name: "Kind" }).selectOptions("users (2)")
    const ada = page.getByRole("option", { name: /^ada/ })
    await ada.click()
    await expect.element(page.getByRole("article")).toBeVisible()
    await expect.element(ada).not.toBeInTheDocument()
    await expect.poll(() => focused()?.getAttribute("aria-label")).toBe("Back to the entries")
    for (const name of ["Versions", "Events", "Entries"]) {
      await page.getByRole("tab", { name }).click()
      expect(panel.get("section").scrollWidth).toBeLessThanOrEqual(360)
      expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(360)
    }
    await page.getByRole("button", { name: "Back to the entries" }).click()
    await expect.element(ada).toBeVisible()
    await expect.poll(() => focused()?.getAttribute("aria-label")).toBe("Entries of users")
  })

  it("C4 grows and shrinks as its upper edge is dragged", async () => {
    panel = await mounted()
    const handle = panel.get("[role=separator]")
    const move = (type: string, clientY: number) =>
      handle.dispatchEvent(new PointerEvent(type, { pointerId: 1, clientY, bubbles: true }))
    // Only a real pointer can be captured; what is tried here is where the edge goes.
    handle.setPointerCapture = () => {}
    handle.hasPointerCapture = () => true
    move("pointerdown", 400)
    move("pointermove", window.innerHeight - 500)
    await expect.poll(() => panel?.get(".docked").offsetHeight).toBe(500)
    move("pointermove", window.innerHeight - 20)
    await expect.poll(() => panel?.get(".docked").offsetHeight).toBe(180)
  })

  it("C4 counts what is on its way, on its button, in its header, and on the entry", async () => {
    const { store, hold, release } = heldStore()
    panel = await mounted({ open: false }, undefined, store)
    hold()
    const writing = store.set("users", "grace", { name: "Rear Admiral" })
    await expect
      .element(launcher())
      .toHaveAttribute("aria-label", "Open Tidemark devtools (local, 1 pending)")
    await launcher().click()
    await page.getByRole("option", { name: /^users/ }).click()
    await page.getByRole("option", { name: /^grace/ }).click()
    const article = page.getByRole("article")
    await expect.element(article).toMatchTextContent(/pending.*Rear Admiral/)
    await expect.element(page.getByRole("option", { name: /^grace.*pending/ })).toBeVisible()
    expect(panel.get("[data-fact=pending] dd").textContent).toBe("1")
    release()
    await writing
    await expect.poll(() => panel?.get("[data-fact=pending] dd").textContent).toBe("0")
    await expect.element(page.getByRole("option", { name: /^grace.*v2$/ })).toBeVisible()
    await expect.element(article).not.toMatchTextContent(/pending/)
  })

  it("C4 says that an edit is on its way, lets one leave it, and shows a refusal that comes later", async () => {
    const { store, hold, release } = heldStore()
    panel = await mounted({}, undefined, store)
    await page.getByRole("option", { name: /^theme/ }).click()
    const article = page.getByRole("article")
    await article.getByRole("button", { name: "Edit" }).click()
    await article.getByRole("textbox").fill('"light"')
    hold()
    const first = store.set("settings", "theme", "sepia")
    await article.getByRole("button", { name: "Save" }).click()
    await expect.element(article).toMatchTextContent("On its way…")
    await article.getByRole("button", { name: "Close" }).click()
    await expect.element(article.getByRole("tree")).toMatchTextContent('"sepia"')
    release()
    await first
    await expect
      .element(article.getByRole("alert"))
      .toMatchTextContent("conflict settings/theme is at version 2, not at version 1")
  })
})
