import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { page, userEvent } from "vitest/browser"
import { type Mounted, mounted } from "./mounted.ts"

let panel: Mounted | undefined
beforeEach(() => page.viewport(1280, 800))
afterEach(() => panel?.unmount())

const log = () => page.getByRole("tree", { name: "Changes, newest first" })
const line = (text: string | RegExp) => log().getByRole("treeitem").filter({ hasText: text })
const shown = () => panel?.get(".events output").textContent
const lines = () =>
  [...log().element().querySelectorAll("[role=treeitem]")]
    .sort((a, b) => Number(a.getAttribute("data-index")) - Number(b.getAttribute("data-index")))
    .map((row) => row.textContent ?? "")

async function mountedEvents(...given: Parameters<typeof mounted>): Promise<Mounted> {
  panel = await mounted(...given)
  await page.getByRole("tab", { name: "Events" }).click()
  await expect.element(log()).toBeVisible()
  return panel
}

describe("the Events tab", () => {
  it("C4 begins with the changes from before it was mounted, newest first", async () => {
    await mountedEvents()
    await expect.element(line("users/ada").first()).toBeVisible()
    expect(lines().map((text) => text.match(/(create|update|delete)(.*?)v/)?.[0])).toEqual([
      "updateusers/adav",
      "createusers/gracev",
      "createusers/adav",
      "createsettings/themev",
    ])
  })

  it("C4 shows each change as it is committed, with what it changed, and its origin and cause", async () => {
    const { store } = await mountedEvents()
    await store.commit({
      ops: [{ type: "set", kind: "users", key: "grace", value: { name: "Grace", tags: ["navy"] } }],
      origin: "window-7",
      cause: "import",
    })
    await expect
      .element(line("window-7"))
      .toMatchTextContent(/users\/gracev2\+ tags\[0\]: "navy"import · window-7/)
  })

  it("C4 puts the changes of a batch under one line, which opens and closes", async () => {
    const { store } = await mountedEvents()
    await store.setMany("orders", { a: 1, b: 2, c: 3 }, { origin: "checkout" })
    const batch = line("Batch of 3")
    await expect.element(batch).toHaveAttribute("aria-expanded", "true")
    expect(
      lines()
        .slice(1, 4)
        .map((text) => text.match(/orders\/./)?.[0]),
    ).toEqual(["orders/a", "orders/b", "orders/c"])
    await batch.click()
    await expect.element(line("orders/b")).not.toBeInTheDocument()
    await userEvent.keyboard("{ArrowRight}")
    await expect.element(line("orders/b")).toHaveAttribute("aria-level", "2")
  })

  it("C4 filters by kind, by type and by text", async () => {
    const { store } = await mountedEvents()
    await store.delete("users", "grace")
    await expect.poll(shown).toBe("5")
    await page.getByRole("combobox", { name: "Kind" }).selectOptions("users")
    await expect.poll(shown).toBe("4")
    await page.getByRole("combobox", { name: "Type" }).selectOptions("create")
    await expect.poll(shown).toBe("2")
    await page.getByRole("searchbox", { name: "Filter by text" }).fill("WINDOW-1")
    await expect.poll(shown).toBe("1")
    await expect.element(line("users/ada")).toBeVisible()
    await page.getByRole("searchbox", { name: "Filter by text" }).fill("nothing like it")
    await expect.element(page.getByText("No change fits the filter")).toBeVisible()
  })

  it("C4 stands still while it is paused, says how many wait, and goes on", async () => {
    const { store } = await mountedEvents()
    await page.getByRole("button", { name: "Pause" }).click()
    await store.set("users", "alan", {})
    await store.set("users", "tim", {})
    await expect.element(page.getByRole("button", { name: "2 newer" })).toBeVisible()
    expect(lines()).toHaveLength(4)
    await page.getByRole("button", { name: "Resume" }).click()
    await expect.element(line("users/tim")).toBeVisible()
    expect(lines()).toHaveLength(6)
  })

  it("C4 stands still while one reads further down, and leads back to the newest", async () => {
    const { store } = await mountedEvents({}, async (filled) => {
      for (let count = 0; count < 100; count++) await filled.set("counters", `c${count}`, count)
    })
    await expect.element(line("counters/c99")).toBeVisible()
    log().element().scrollTop = 600
    await expect.element(line("counters/c70")).toBeVisible()
    await store.set("counters", "late", 1)
    await page.getByRole("button", { name: "1 newer" }).click()
    await expect.element(line("counters/late")).toBeVisible()
  })

  it("C4 keeps the newest 1,000 changes", async () => {
    const { store } = await mountedEvents()
    await store.setMany(
      "counters",
      Array.from({ length: 2_100 }, (_, index) => [`c${index}`, index] as const),
    )
    await expect.poll(shown).toBe("1,000")
    const batch = line("Batch of 1,000")
    await expect.element(batch).toHaveAttribute("aria-expanded", "false")
    await store.set("counters", "late", 1)
    await expect.element(line("Batch of 999")).toBeVisible()
  })

  it("C4 leads from a change to its entry", async () => {
    await mountedEvents()
    await line("users/grace").click()
    await expect
      .element(page.getByRole("tab", { name: "Entries" }))
      .toHaveAttribute("aria-selected", "true")
    await expect
      .element(page.getByRole("article"))
      .toHaveAttribute("aria-label", "Entry users/grace")
  })

  it("C4 leads from a change to its entry with the keyboard", async () => {
    await mountedEvents()
    await page.getByRole("searchbox", { name: "Filter by text" }).click()
    await userEvent.tab()
    await userEvent.keyboard("{ArrowDown}{ArrowDown}{Enter}")
    await expect
      .element(page.getByRole("article"))
      .toHaveAttribute("aria-label", "Entry users/grace")
  })

  it("C4 can be cleared, and goes on from there", async () => {
    const { store } = await mountedEvents()
    await page.getByRole("button", { name: "Clear the log" }).click()
    await expect.element(page.getByText("No changes yet")).toBeVisible()
    await store.set("users", "alan", {})
    await expect.element(line("users/alan")).toBeVisible()
    expect(lines()).toHaveLength(1)
  })
})
