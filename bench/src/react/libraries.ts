import { readFileSync } from "node:fs"
import { join } from "node:path"
import { bundleForPage } from "../bundle.ts"

/** What keeps the rows, and what it is called in the table. */
export interface Library {
  readonly name: string
  /** The name of its file in `apps`. */
  readonly app: string
  /** The package that is told with its version. */
  readonly packages: readonly string[]
}

/** The first one is the floor. */
export const libraries: readonly [Library, ...Library[]] = [
  { name: "React alone", app: "floor", packages: ["react"] },
  { name: "Tidemark, useKey", app: "tidemark", packages: ["@tidemark/react"] },
  { name: "Tidemark, useKind", app: "tidemark-list", packages: ["@tidemark/react"] },
  { name: "zustand", app: "zustand", packages: ["zustand"] },
  { name: "jotai", app: "jotai", packages: ["jotai"] },
  { name: "TinyBase", app: "tinybase", packages: ["tinybase"] },
  { name: "nanostores", app: "nanostores", packages: ["nanostores", "@nanostores/react"] },
  { name: "Legend-State", app: "legend-state", packages: ["@legendapp/state"] },
  { name: "TanStack DB", app: "tanstack-db", packages: ["@tanstack/react-db"] },
]

/** Bundles each application for production, with the table that it is shown in. */
export async function bundleAll(size: number, seed: number): Promise<ReadonlyMap<string, string>> {
  const bundles = libraries.map(async ({ app }) => [app, await bundle(app, size, seed)] as const)
  return new Map(await Promise.all(bundles))
}

/** The packages with their versions. */
export function versions(): readonly string[] {
  const names = new Set(libraries.flatMap(({ packages }) => packages))
  return [...names].map((name) => `${name} ${versionOf(name)}`)
}

function bundle(app: string, size: number, seed: number): Promise<string> {
  return bundleForPage({
    stdin: {
      contents: `import { app } from "./apps/${app}.tsx"
        import { show } from "./page.tsx"
        show(app, ${size}, ${seed})`,
      resolveDir: import.meta.dirname,
      loader: "tsx",
    },
  })
}

function versionOf(name: string): string {
  const file = join(import.meta.dirname, "../../node_modules", name, "package.json")
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version
}
