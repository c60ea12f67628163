import { type BuildOptions, build } from "esbuild"

/** Bundles a script for a page, for production. */
export async function bundleForPage(
  entry: Pick<BuildOptions, "entryPoints" | "stdin">,
): Promise<string> {
  const { outputFiles } = await build({
    ...entry,
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    jsx: "automatic",
    conditions: ["production"],
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "error",
  })
  return outputFiles[0]?.text ?? ""
}
