import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { page } from "vitest/browser"
import { type Mounted, mounted } from "./mounted.ts"

const HOSTILE = `<img src=x onerror="document.title='hacked'"><script>document.title='hacked'</script>`

let panel: Mounted | undefined
beforeEach(() => page.viewport(1280, 800))
afterEach(() => panel?.unmount())

const foreign = () => panel?.get("section").querySelectorAll("img, script, iframe, b, object") ?? []

describe("what the panel shows", () => {
  it("C4 is text, whatever kinds, keys, fields, values, origins and causes are made of", async () => {
    panel = await mounted({}, async (store) => {
      await store.commit({
        ops: [
          {
            type: "set",
            kind: HOSTILE,
            key: HOSTILE,
            value: {
              [HOSTILE]: HOSTILE,
              __html: HOSTILE,
              dangerouslySetInnerHTML: { __html: HOSTILE },
            },
          },
        ],
        origin: HOSTILE,
        cause: HOSTILE,
      })
      await store.set(HOSTILE, HOSTILE, {
        type: "b",
        props: { children: HOSTILE },
        key: null,
        ref: null,
      })
    })
    const entry = page.getByRole("listbox", { name: /^Entries of <img/ }).getByRole("option")
    await expect.element(entry).toMatchTextContent(HOSTILE)
    await entry.click()
    await expect.element(page.getByRole("article")).toMatchTextContent(HOSTILE)
    expect(foreign()).toHaveLength(0)
    await page.getByRole("tab", { name: "Versions" }).click()
    await expect.element(page.getByRole("tabpanel")).toMatchTextContent(`by ${HOSTILE}`)
    expect(foreign()).toHaveLength(0)
    await page.getByRole("tab", { name: "Events" }).click()
    await expect.element(page.getByRole("tree")).toMatchTextContent(HOSTILE)
    expect(foreign()).toHaveLength(0)
    expect(document.title).not.toBe("hacked")
  })

  it("C4 writes out characters that hide or turn the text around them", async () => {
    panel = await mounted({}, (store) => store.set("notes", "exe.\u202Egnp\n\u0000", "x"))
    const entry = page.getByRole("listbox", { name: /^Entries of/ }).getByRole("option")
    await expect.element(entry).toMatchTextContent("exe.\\u{202e}gnp\\n\\u{0}")
  })

  it("C4 has no `__proto__` to fall over", async () => {
    panel = await mounted({}, (store) =>
      store.set("__proto__", "__proto__", JSON.parse('{"__proto__":{"a":1}}')),
    )
    const entry = page.getByRole("listbox", { name: "Entries of __proto__" }).getByRole("option")
    await entry.click()
    await expect.element(page.getByRole("article")).toMatchTextContent("__proto__: 1 field")
  })

  it("C4 is untouched by the styles of the page", async () => {
    const style = document.createElement("style")
    style.textContent = `html { font-size: 40px } * { color: red !important; letter-spacing: 9px }
      [data-tidemark-devtools] { display: none !important } button { padding: 99px !important }`
    document.head.append(style)
    try {
      panel = await mounted()
      const tab = panel.get("[role=tab]")
      const { color, letterSpacing, paddingLeft, fontSize } = getComputedStyle(tab)
      expect(color).not.toBe("rgb(255, 0, 0)")
      expect({ letterSpacing, paddingLeft, fontSize }).toEqual({
        letterSpacing: "normal",
        paddingLeft: "12px",
        fontSize: "13px",
      })
      expect(tab.offsetHeight).toBeGreaterThan(20)
    } finally {
      style.remove()
    }
  })
})
