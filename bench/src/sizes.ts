import { gzipSync } from "node:zlib"
import { build } from "esbuild"
import { FOR_PAGES } from "./bundle.ts"

/** What a page downloads for something it imports. */
export interface Size {
  readonly what: string
  /** Bytes after bundling and minifying, and after gzip. */
  readonly minified: number
  readonly gzipped: number
}

const BUNDLES: readonly (readonly [what: string, code: string])[] = [
  ["@tidemark/core", 'export * from "@tidemark/core"'],
  ["@tidemark/core/memory", 'export * from "@tidemark/core/memory"'],
  [
    "@tidemark/core and /memory",
    'export * from "@tidemark/core"; export { openStore } from "@tidemark/core/memory"',
  ],
  ["@tidemark/core/sqlite-wasm, without sqlite-wasm", 'export * from "@tidemark/core/sqlite-wasm"'],
  ["@tidemark/sync/browser", 'export * from "@tidemark/sync/browser"'],
  ["@tidemark/react, without react", 'export * from "@tidemark/react"'],
  ["@tidemark/rxjs, without rxjs", 'export * from "@tidemark/rxjs"'],
  ["@tidemark/devtools in production", 'export * from "@tidemark/devtools"'],
]

/** Bundles each entry point for browsers, production build, and weighs it. */
export function weigh(): Promise<readonly Size[]> {
  return Promise.all(
    BUNDLES.map(async ([what, contents]) => {
      const { outputFiles } = await build({
        stdin: { contents, resolveDir: import.meta.dirname },
        ...FOR_PAGES,
        external: ["react", "react-dom", "react/jsx-runtime", "rxjs", "@sqlite.org/sqlite-wasm"],
        logLevel: "silent",
      })
      const bytes = outputFiles[0]?.contents ?? new Uint8Array()
      return { what, minified: bytes.length, gzipped: gzipSync(bytes).length }
    }),
  )
}
