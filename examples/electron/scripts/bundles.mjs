import path from "node:path"
import * as esbuild from "esbuild"
import * as vite from "vite"

const root = path.join(import.meta.dirname, "..")

/** Builds main, preload and renderer into a folder. */
export async function build(folder) {
  await Promise.all(bundleOptions(folder).map((options) => esbuild.build(options)))
  await vite.build({
    configFile: path.join(root, "vite.config.ts"),
    logLevel: "warn",
    build: { outDir: path.join(folder, "renderer") },
  })
}

/** How esbuild makes the two bundles that Electron loads itself. */
export function bundleOptions(folder) {
  const common = {
    bundle: true,
    sourcemap: true,
    logLevel: "warning",
    absWorkingDir: root,
    // Electron brings itself; the driver has a native part, which stays where it is installed.
    external: ["electron", "better-sqlite3"],
  }
  return [
    {
      ...common,
      entryPoints: ["src/main/main.ts"],
      outfile: path.join(folder, "main.js"),
      platform: "node",
      format: "esm",
      target: "node22",
    },
    {
      ...common,
      entryPoints: ["src/preload/preload.ts"],
      outfile: path.join(folder, "preload.cjs"),
      platform: "browser",
      // A sandboxed preload script is CommonJS.
      format: "cjs",
      target: "es2024",
    },
  ]
}
