import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { page, userEvent } from "vitest/browser"
import { type Mounted, mounted } from "./mounted.ts"

const MANY = 171_075
const keyOf = (index: number) => `place-${String(index).padStart(6, "0")}`

let panel: Mounted | undefined
beforeEach(() => page.viewport(1280, 800))
afterEach(() => panel?.unmount())

const list = () => page.getByRole("listbox", { name: "Entries of places" })
const filter = () => page.getByRole("searchbox", { name: /Filter by the beginning/ })
const rows = () => panel?.get(".entry-list .rows").childElementCount ?? 0

async function mountedMany(): Promise<Mounted> {
  panel = await mounted({}, (store) =>
    store.setMany(
      "places",
      Array.from(
        { length: MANY },
        (_, index) => [keyOf(index), { name: `Place ${index}` }] as const,
      ),
    ),
  )
  await expect
    .element(list().getByRole("option", { name: new RegExp(`^${keyOf(0)}`) }))
    .toBeVisible()
  return panel
}

describe("a kind of 171,075 entries", () => {
  it("C4 is listed whole, while only the rows on screen are drawn and read", async () => {
    const { store, get } = await mountedMany()
    const read = vi.spyOn(store, "list")
    expect(rows()).toBeLessThan(60)
    await expect.element(page.getByText("171,075").first()).toBeVisible()
    list().element().scrollTop = list().element().scrollHeight / 2
    await expect
      .element(
        list()
          .getByRole("option", { name: /^place-0855/ })
          .first(),
      )
      .toBeVisible()
    expect(rows()).toBeLessThan(60)
    expect(get(".entry-list .rows").offsetHeight).toBe(MANY * 30)
    for (const [, query] of read.mock.calls) expect(query?.limit).toBeLessThanOrEqual(200)
  })

  it("C4 is reached at its end with one key, which chooses the last entry", async () => {
    await mountedMany()
    await list().click({ position: { x: 40, y: 15 } })
    await userEvent.keyboard("{End}")
    const last = list().getByRole("option", { name: new RegExp(`^${keyOf(MANY - 1)}`) })
    await expect.element(last).toHaveAttribute("aria-selected", "true")
    await expect.element(last).toHaveAttribute("aria-posinset", String(MANY))
    await expect.element(page.getByRole("article")).toMatchTextContent(`Place ${MANY - 1}`)
  })

  it("C4 shows a change of an entry far down while it is on screen", async () => {
    const { store } = await mountedMany()
    await list().click({ position: { x: 40, y: 15 } })
    await userEvent.keyboard("{End}")
    const last = list().getByRole("option", { name: new RegExp(`^${keyOf(MANY - 1)}`) })
    await expect.element(last).toBeVisible()
    await store.set("places", keyOf(MANY - 1), { name: "Renamed" })
    await expect.element(last).toMatchTextContent(/Renamed.*v2/)
  })

  it("C4 is narrowed to the keys that begin so", async () => {
    await mountedMany()
    await filter().fill("place-1710")
    await expect.element(list().getByRole("option", { name: /^place-171000/ })).toBeVisible()
    expect(panel?.get(".entry-list output").textContent).toBe("75")
    await filter().fill("nowhere")
    await expect.element(page.getByText("No key begins so")).toBeVisible()
  })
})
