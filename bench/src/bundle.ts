import { type BuildOptions, build } from "esbuild"

/** How everything for a page is bundled: for production, and not written. */
export const FOR_PAGES = {
  bundle: true,
  minify: true,
  write: false,
  format: "esm",
  platform: "browser",
  target: "es2022",
  conditions: ["production"],
} as const satisfies BuildOptions

/** Bundles a script for a page, for production. */
export async function bundleForPage(
  entry: Pick<BuildOptions, "entryPoints" | "stdin">,
): Promise<string> {
  const { outputFiles } = await build({
    ...FOR_PAGES,
    ...entry,
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "error",
  })
  return outputFiles[0]?.text ?? ""
}
