import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import path from "node:path"
import { root, run } from "./process.mjs"
import { report } from "./progress.mjs"

const tools = path.join(root, ".tools")

/**
 * Installs one exactly pinned npm package into `.tools/<folder>`, unless it is there, and tells
 * that folder. `finish` may work on it before it counts as installed, so that an interrupted
 * installation leaves nothing half done.
 */
export async function ensurePackage(folder, name, version, env, finish = async () => {}) {
  const target = path.join(tools, folder)
  if (installedVersion(target, name) === version) return target
  report(`Installing ${name}@${version} into .tools`)
  const draft = `${target}.${process.pid}`
  try {
    await install(`${name}@${version}`, draft, env)
    await finish(draft)
    rmSync(target, { recursive: true, force: true })
    renameSync(draft, target)
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
  return target
}

/** Puts a folder of programs first on the path of an environment. */
export function withPath(env, folder) {
  const key = Object.keys(env).find((name) => name.toUpperCase() === "PATH") ?? "PATH"
  return { ...env, [key]: [folder, env[key]].filter(Boolean).join(path.delimiter) }
}

function install(spec, folder, env) {
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, "package.json"), '{ "private": true }\n')
  const flags = ["--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"]
  return run("npm", ["install", ...flags, "--prefix", folder, spec], env, { cwd: folder })
}

function installedVersion(folder, name) {
  const manifest = path.join(folder, "node_modules", name, "package.json")
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, "utf8")).version : undefined
}
