import { openStore } from "@tidemark/core/memory"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { type Mounted, mounted } from "./mounted.ts"

const LAUNCHER = "button.launcher"
const TAB = (name: string) => `[role=tab][data-tab=${name}]`

describe("the shell of the panel", () => {
  let panel: Mounted | undefined
  const open = async (...given: Parameters<typeof mounted>) => {
    panel = await mounted(...given)
    return panel
  }
  beforeEach(() => localStorage.clear())
  afterEach(() => panel?.unmount())

  it("C4 stands as one button in the corner until it is opened", async () => {
    const { find, get } = await open({ open: false, position: "bottom-left" })
    expect(get(LAUNCHER).classList).toContain("bottom-left")
    expect(get(LAUNCHER).getAttribute("aria-label")).toBe("Open Tidemark devtools (local)")
    expect(find("[role=tablist]")).toBeNull()
    get(LAUNCHER).click()
    await vi.waitFor(() => get("[role=tablist]"))
    expect(find(LAUNCHER)).toBeNull()
  })

  it("C4 leaves the focus where it is when it opens by itself", async () => {
    const { get } = await open({ open: true })
    await vi.waitFor(() => get(TAB("entries")))
    expect(document.activeElement).toBe(document.body)
  })

  it("C4 remembers that it was open, and the tab", async () => {
    const first = await open({ open: false, storageKey: "kept" })
    first.get(LAUNCHER).click()
    await vi.waitFor(() => first.get(TAB("events")).click())
    await vi.waitFor(() => expect(localStorage.getItem("kept")).toContain("events"))
    first.unmount()
    const second = await open({ open: false, storageKey: "kept" })
    expect(second.get(TAB("events")).getAttribute("aria-selected")).toBe("true")
  })

  it("C4 works where storage is forbidden", async () => {
    const spy = vi.spyOn(globalThis, "localStorage", "get").mockImplementation(() => {
      throw new DOMException("The operation is insecure", "SecurityError")
    })
    const { get } = await open({ open: true })
    get(TAB("versions")).click()
    await vi.waitFor(() => expect(get(TAB("versions")).getAttribute("aria-selected")).toBe("true"))
    expect(spy).toHaveBeenCalled()
    spy.mockRestore()
  })

  it("C4 keeps one tab in the tab order and goes from one to another with arrows, Home and End", async () => {
    const { get } = await open()
    const press = (key: string) =>
      get("[role=tab][tabindex='0']").dispatchEvent(
        new KeyboardEvent("keydown", { key, bubbles: true }),
      )
    const chosen = (name: string) =>
      vi.waitFor(() => expect(get("[role=tab][tabindex='0']").dataset.tab).toBe(name))
    await chosen("entries")
    for (const [key, name] of [
      ["ArrowRight", "versions"],
      ["End", "events"],
      ["ArrowRight", "entries"],
      ["ArrowLeft", "events"],
      ["Home", "entries"],
    ] as const) {
      press(key)
      await chosen(name)
    }
  })

  it("C4 tells assistive technology which panel a tab shows", async () => {
    const { get } = await open()
    const panelId = get(TAB("entries")).getAttribute("aria-controls")
    expect(get("[role=tabpanel]").id).toBe(panelId)
    expect(get("[role=tabpanel]").getAttribute("aria-labelledby")).toBe(get(TAB("entries")).id)
  })

  it("C4 takes the arrow keys to grow and shrink the docked panel", async () => {
    const { get } = await open()
    const handle = () => get("[role=separator]")
    const height = () => Number.parseInt(get(".docked").style.height, 10)
    const before = height()
    handle().dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowUp", bubbles: true }))
    await vi.waitFor(() => expect(height()).toBe(before + 24))
    expect(handle().getAttribute("aria-valuenow")).toBe(String(before + 24))
  })

  it("C4 keeps what is typed into it from the application's shortcuts", async () => {
    const { get } = await open()
    const heard = vi.fn()
    document.addEventListener("keydown", heard)
    get(TAB("entries")).dispatchEvent(
      new KeyboardEvent("keydown", { key: "k", bubbles: true, composed: true }),
    )
    document.removeEventListener("keydown", heard)
    expect(heard).not.toHaveBeenCalled()
  })

  it("C4 fills its element inline, with nothing to close", async () => {
    const { get, find } = await open({ mode: "inline", open: false })
    expect(get(".inline").dataset.theme).toBe("auto")
    expect(find("[aria-label^=Close]")).toBeNull()
    expect(find("[role=separator]")).toBeNull()
  })

  it("C4 says what the store is, how durable, how connected, and where it stands", async () => {
    const { get } = await open()
    const fact = (name: string) => get(`[data-fact=${name}] dd`).textContent
    expect(
      ["connection", "pending", "position", "engine", "storage", "durability"].map(fact),
    ).toEqual(["local", "0", "4", "memory", "memory", "none"])
  })

  it("C4 leaves nothing behind when it is unmounted, also twice, and can be mounted again", async () => {
    const { element, devtools, store } = await open()
    devtools.unmount()
    devtools.unmount()
    expect(element.childElementCount).toBe(0)
    await store.set("users", "alan", {})
    const again = await open()
    expect(again.element.childElementCount).toBe(1)
  })

  it("C4 shows its own failure in its own place, and can try again", async () => {
    const store = openStore()
    const broken = vi.spyOn(store.status, "get").mockImplementation(() => {
      throw new Error("The status is gone")
    })
    const { find, get } = await open({ open: false }, undefined, store)
    expect(get("[role=alert]").textContent).toContain("The panel has failed: The status is gone")
    broken.mockRestore()
    get("button").click()
    await vi.waitFor(() => get(LAUNCHER))
    expect(find("[role=alert]")).toBeNull()
  })
})
