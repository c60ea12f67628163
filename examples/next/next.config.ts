import path from "node:path"
import { withTidemark } from "@tidemark/react/next/config"

export default withTidemark({
  turbopack: { root: path.resolve(import.meta.dirname, "../..") },
  // `pnpm typecheck` checks the types: a demo should not wait for that.
  typescript: { ignoreBuildErrors: true },
  experimental: { useTypeScriptCli: true },
  poweredByHeader: false,
  devIndicators: false,
  agentRules: false,
})
