import type { NextConfig } from "next"

/** A configuration that depends on the phase: building, developing, serving. */
export type ConfigFunction = (
  phase: string,
  context: { defaultConfig: NextConfig },
) => NextConfig | Promise<NextConfig>

/** What a bundle would have copies of, and the driver that core then could not find. */
const EXTERNAL = ["@tidemark/core", "@tidemark/sync", "better-sqlite3"]

/**
 * Prepares a configuration of Next for stores on the server: Node loads these packages, instead of
 * each page and route having a bundled copy of them. So `openStore` finds its driver by itself, and
 * all of a process shares one core. All else stays as it is given.
 *
 * @example
 * // next.config.ts
 * export default withTidemark({ reactStrictMode: true })
 */
export function withTidemark(config: ConfigFunction): ConfigFunction
export function withTidemark(config?: NextConfig): NextConfig
export function withTidemark(
  config: NextConfig | ConfigFunction = {},
): NextConfig | ConfigFunction {
  if (typeof config !== "function") return extended(config)
  return async (phase, context) => extended(await config(phase, context))
}

function extended(config: NextConfig): NextConfig {
  const known = config.serverExternalPackages ?? []
  return { ...config, serverExternalPackages: [...new Set([...known, ...EXTERNAL])] }
}
