import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink } from "node:fs/promises"
import path from "node:path"

const campaigns = path.resolve(import.meta.dirname, "../..")

/** An application in a folder of its own, with the packages as a registry would give them. */
export interface Installed {
  /** Where the application is. */
  readonly folder: string
  remove(): Promise<void>
}

/**
 * Copies an application of `apps/`, and our packages beside it: bundlers treat a package that is a
 * link into the workspace as source of the application, which nobody else's is.
 */
export async function install(app: string, dependencies: readonly string[]): Promise<Installed> {
  const made = path.join(campaigns, ".apps")
  await mkdir(made, { recursive: true })
  const folder = await mkdtemp(path.join(made, `${app}-`))
  for (const part of [app, "visits.js"]) {
    await cp(path.join(campaigns, "apps", part), path.join(folder, part), { recursive: true })
  }
  for (const name of ["core", "sync"]) await copyPackage(name, folder)
  for (const dependency of dependencies) {
    await link(path.join(campaigns, "node_modules", dependency), folder, dependency)
  }
  return {
    folder: path.join(folder, app),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

async function copyPackage(name: string, folder: string): Promise<void> {
  const from = path.resolve(campaigns, "../packages", name)
  const to = path.join(folder, "node_modules", "@tidemark", name)
  const manifest = JSON.parse(await readFile(path.join(from, "package.json"), "utf8")) as {
    readonly dependencies: Readonly<Record<string, string>>
  }
  await mkdir(to, { recursive: true })
  for (const part of ["package.json", "dist", "bundle"]) {
    await cp(path.join(from, part), path.join(to, part), { recursive: true }).catch(ifMissing)
  }
  for (const dependency of Object.keys(manifest.dependencies)) {
    if (dependency.startsWith("@tidemark/")) continue
    await link(path.join(from, "node_modules", dependency), folder, dependency)
  }
}

async function link(from: string, folder: string, name: string): Promise<void> {
  const place = path.join(folder, "node_modules", name)
  await mkdir(path.dirname(place), { recursive: true })
  await symlink(await realpath(from), place)
}

function ifMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error
}
