import type { NextConfig } from "next"

/** A configuration that depends on the phase: building, developing, serving. */
export type ConfigFunction = (
  phase: string,
  context: { defaultConfig: NextConfig },
) => NextConfig | Promise<NextConfig>

/** Drivers that are native. */
const EXTERNAL = ["better-sqlite3"]

/**
 * Prepares a configuration of Next for stores on the server: a native driver is loaded by Node
 * instead of being bundled. All else stays as it is given.
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
