import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink } from "node:fs/promises"
import path from "node:path"

const campaigns = path.resolve(import.meta.dirname, "../..")

/** What an application is made of. */
export interface AppParts {
  /** The folder that its own folder is in. */
  readonly home: string
  readonly folder: string
  /** What is copied, as seen from there. */
  readonly files: readonly string[]
  /** What is copied from elsewhere, by the place where it goes. */
  readonly more?: Readonly<Record<string, string>>
  /** Which packages of ours it uses. */
  readonly packages: readonly ("core" | "react" | "sync")[]
  /** What else it uses, and the folder where that is installed. */
  readonly dependencies: readonly string[]
  readonly modules: string
  /** What its commands find in their environment. */
  readonly env?: Readonly<Record<string, string>>
}

/** An application in a folder of its own, with the packages as a registry would give them. */
export interface Installed {
  /** Where the application is. */
  readonly folder: string
  remove(): Promise<void>
}

/** The application of `apps/` that counts visits, in the form for a bundler. */
export function visitsApp(folder: string, dependencies: readonly string[]): AppParts {
  return {
    home: path.join(campaigns, "apps"),
    folder,
    files: [folder, "visits.js"],
    packages: ["core", "sync"],
    dependencies,
    modules: path.join(campaigns, "node_modules"),
  }
}

/** The example that uses all of what there is for Next. */
export function tasksApp(): AppParts {
  const home = path.resolve(campaigns, "../examples")
  return {
    home,
    folder: "tasks",
    files: ["app", "browser", "server", "kinds.ts", "next.config.ts", "package.json"].map(
      (part) => `tasks/${part}`,
    ),
    more: { "tasks/app/plain": path.join(campaigns, "apps/plain") },
    packages: ["core", "react", "sync"],
    dependencies: [
      "@types/node",
      "@types/react",
      "better-sqlite3",
      "next",
      "react",
      "react-dom",
      "zod",
    ],
    modules: path.join(home, "tasks/node_modules"),
    // What is installed are links into the workspace.
    env: { TASKS_ROOT: path.resolve(campaigns, "..") },
  }
}

/**
 * Copies an application, and our packages beside it: bundlers treat a package that is a link into
 * the workspace as source of the application, which nobody else's is.
 */
export async function install(app: AppParts): Promise<Installed> {
  const made = path.join(campaigns, ".apps")
  await mkdir(made, { recursive: true })
  const folder = await mkdtemp(path.join(made, `${app.folder}-`))
  for (const file of app.files) {
    await cp(path.join(app.home, file), path.join(folder, file), { recursive: true })
  }
  for (const [place, from] of Object.entries(app.more ?? {})) {
    await cp(from, path.join(folder, place), { recursive: true })
  }
  for (const name of app.packages) await copyPackage(name, folder)
  for (const dependency of app.dependencies) {
    await link(path.join(app.modules, dependency), folder, dependency)
  }
  return {
    folder: path.join(folder, app.folder),
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
    await cp(path.join(from, part), path.join(to, part), { recursive: true }).catch(
      unless("ENOENT"),
    )
  }
  for (const dependency of Object.keys(manifest.dependencies)) {
    if (dependency.startsWith("@tidemark/")) continue
    await link(path.join(from, "node_modules", dependency), folder, dependency)
  }
}

async function link(from: string, folder: string, name: string): Promise<void> {
  const place = path.join(folder, "node_modules", name)
  await mkdir(path.dirname(place), { recursive: true })
  // Several packages may use the same one.
  await symlink(await realpath(from), place).catch(unless("EEXIST"))
}

function unless(code: string): (error: NodeJS.ErrnoException) => void {
  return (error) => {
    if (error.code !== code) throw error
  }
}
