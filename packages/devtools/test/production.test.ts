import { runInNewContext } from "node:vm"
import { build as bundle } from "esbuild"
import { build as buildWithVite } from "vite"
import { describe, expect, it, vi } from "vitest"

/** Something that only the panel's own code has in it. */
const PANEL = "Open Tidemark devtools"

const production = { "process.env.NODE_ENV": '"production"' }
const app = (path: string, name: string) =>
  `import { ${name} } from "@tidemark/devtools${path}"\nglobalThis.used = ${name}`

async function bundled(
  source: string,
  { conditions = [], define = {} }: { conditions?: string[]; define?: Record<string, string> },
): Promise<string> {
  const { outputFiles } = await bundle({
    stdin: { contents: source, resolveDir: import.meta.dirname, loader: "js" },
    bundle: true,
    write: false,
    minify: true,
    // With a platform esbuild would bring a NODE_ENV of its own.
    platform: "neutral",
    mainFields: ["module", "main"],
    external: ["react"],
    conditions: ["import", ...conditions],
    define,
  })
  return outputFiles[0]?.text ?? ""
}

async function builtWithVite(mode: string): Promise<string> {
  vi.stubEnv("NODE_ENV", mode)
  try {
    const built = await buildWithVite({
      root: import.meta.dirname,
      plugins: [page],
      configFile: false,
      logLevel: "error",
      mode,
      build: {
        write: false,
        modulePreload: false,
        rolldownOptions: { input: PAGE },
      },
    })
    if (!("output" in built)) throw new Error("Vite has built something else")
    return built.output.map((part) => ("code" in part ? part.code : "")).join("")
  } finally {
    vi.unstubAllEnvs()
  }
}

/** The page's script: a file that is not there, beside this one, so that packages resolve from here. */
const PAGE = `${import.meta.dirname}/page.js`
const page = {
  name: "page",
  resolveId: (id: string) => (id === PAGE ? PAGE : undefined),
  load: (id: string) => (id === PAGE ? app("", "mountDevtools") : undefined),
}

const ways = [
  ["by the condition `production`", { conditions: ["production"] }],
  ["by NODE_ENV alone", { define: production }],
  ["by both", { conditions: ["production"], define: production }],
] as const

describe("a production build", () => {
  it.each(ways)("C4 has nothing of the panel: %s", async (_, { ...options }) => {
    const code = await bundled(app("", "mountDevtools"), options as object)
    expect(code).not.toContain(PANEL)
    expect(code.length).toBeLessThan(500)
    const context = { used: undefined as unknown as () => { unmount(): void } }
    runInNewContext(code, context)
    expect(() => context.used().unmount()).not.toThrow()
  })

  it.each([ways[0], ways[2]])("C4 has nothing of the React panel: %s", async (_, options) => {
    const code = await bundled(app("/react", "TidemarkDevtools"), options as object)
    expect(code).not.toContain(PANEL)
    expect(code.length).toBeLessThan(500)
  })

  it("C4 has nothing of the React panel, but the hook that would mount it: by NODE_ENV alone", async () => {
    const code = await bundled(app("/react", "TidemarkDevtools"), { define: production })
    expect(code).not.toContain(PANEL)
    expect(code.length).toBeLessThan(1_000)
  })

  it.each(ways)("C4 has the panel when it is asked for: %s", async (_, options) => {
    expect(await bundled(app("/production", "mountDevtools"), options as object)).toContain(PANEL)
    expect(
      await bundled(app("/react/production", "TidemarkDevtools"), options as object),
    ).toContain(PANEL)
  })
})

describe("Vite", () => {
  it.each([
    ["nothing of the panel in a production build", "production", false],
    ["the panel in a development build", "development", true],
  ])("C4 has %s", async (_, mode, whole) => {
    const code = await builtWithVite(mode)
    expect(code.includes(PANEL)).toBe(whole)
    if (!whole) expect(code.length).toBeLessThan(500)
  })
})

describe("a development build", () => {
  it.each([
    ["by the condition `development`", { conditions: ["development"] }],
    ["by NODE_ENV", { define: { "process.env.NODE_ENV": '"development"' } }],
    ["with neither", {}],
  ])("C4 has the panel: %s", async (_, options) => {
    expect(await bundled(app("", "mountDevtools"), options)).toContain(PANEL)
    expect(await bundled(app("/react", "TidemarkDevtools"), options)).toContain(PANEL)
  })

  it("C4 runs where there is no process, and mounts the panel there", async () => {
    const code = await bundled(app("", "mountDevtools"), {})
    const context: { used?: (...given: unknown[]) => unknown; process?: unknown } = {}
    runInNewContext(code, context)
    expect(context.process).toBeUndefined()
    // Without a page it cannot mount; that it tries is what tells it from the empty one.
    expect(() => context.used?.({}, {})).toThrow(/createElement/)
  })

  it("C4 is loaded on a server without a page", async () => {
    const { mountDevtools } = await import("@tidemark/devtools/production")
    const { TidemarkDevtools } = await import("@tidemark/devtools/react/production")
    expect([typeof mountDevtools, typeof TidemarkDevtools]).toEqual(["function", "function"])
  })
})
