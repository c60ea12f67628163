// The commands of a fresh machine: `npm run setup`, `npm run demo`, `npm test`.
// Plain JavaScript without dependencies: it runs before anything is installed, on Node 18 or later.
// The npm scripts exec it where the shell can: a shell in between would keep npm's signals to itself.
import { check } from "./check/check.mjs"
import { ensureBrowser } from "./setup/browser.mjs"
import { ensureNode } from "./setup/node.mjs"
import { ensurePnpm } from "./setup/pnpm.mjs"
import { run, stopChildrenWithUs } from "./setup/process.mjs"
import { report } from "./setup/progress.mjs"

const commands = { setup, demo, test }

stopChildrenWithUs()
const command = commands[process.argv[2]]
if (command === undefined) {
  console.error(`Usage: node scripts/run.mjs ${Object.keys(commands).join(" | ")}`)
  process.exit(2)
}
command().catch((error) => {
  report(error.message)
  process.exitCode = error.exitCode ?? 1
})

async function setup() {
  await prepare()
  report("Ready: npm run demo, npm test")
}

async function demo() {
  const env = await prepare()
  report("Building the packages")
  await run("pnpm", ["run", "build"], env)
  report("Starting the demo")
  await run("pnpm", ["run", "demo:start"], env)
}

async function test() {
  const env = await ensureBrowser(await prepare())
  process.exitCode = await check(env)
}

/** Brings Node, pnpm and the dependencies, and tells the environment to run them in. */
async function prepare() {
  const fit = await ensureNode({ ...process.env, NEXT_TELEMETRY_DISABLED: "1" })
  const env = await ensurePnpm(fit)
  report("Installing the dependencies")
  await run("pnpm", ["install", ...(env.CI ? ["--frozen-lockfile"] : [])], env)
  return env
}
