import path from "node:path"
import { ensurePackage, withPath } from "./npm-package.mjs"

const pin = "12.21.0"

/** An environment whose `pnpm` is the pinned one. */
export async function ensurePnpm(env) {
  const folder = await ensurePackage("pnpm", "pnpm", pin, env)
  return withPath(env, path.join(folder, "node_modules", ".bin"))
}
