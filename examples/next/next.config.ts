import path from "node:path"
import type { NextConfig } from "next"

const config: NextConfig = {
  // A native driver cannot be bundled: Node loads it.
  serverExternalPackages: ["better-sqlite3"],
  turbopack: { root: path.resolve(import.meta.dirname, "../..") },
  // `pnpm typecheck` checks the types: a demo should not wait for that.
  typescript: { ignoreBuildErrors: true },
  experimental: { useTypeScriptCli: true },
  poweredByHeader: false,
  devIndicators: false,
}

export default config
