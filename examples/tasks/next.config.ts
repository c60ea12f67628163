import path from "node:path"
import { withTidemark } from "@tidemark/react/next/config"

export default withTidemark({
  turbopack: { root: process.env.TASKS_ROOT ?? path.resolve(import.meta.dirname, "../..") },
  // `pnpm typecheck` checks the types.
  typescript: { ignoreBuildErrors: true },
  experimental: { useTypeScriptCli: true },
  devIndicators: false,
  agentRules: false,
})
