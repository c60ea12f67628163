import path from "node:path"
import type { NextConfig } from "next"

const config: NextConfig = {
  // Node loads these itself: a native driver cannot be bundled, and one copy of the store's classes
  // must serve the page and the route handler.
  serverExternalPackages: ["better-sqlite3"],
  turbopack: { root: path.resolve(import.meta.dirname, "../..") },
  // `pnpm typecheck` checks the types: a demo should not wait for that.
  typescript: { ignoreBuildErrors: true },
  experimental: { useTypeScriptCli: true },
  poweredByHeader: false,
  devIndicators: false,
}

export default config
