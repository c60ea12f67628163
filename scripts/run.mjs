// The commands of a fresh machine: `npm run setup`, `npm run demo`, `npm test`.
// Plain JavaScript without dependencies, because it runs before anything is installed, on Node 18 or later.
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
command(process.argv.slice(3)).catch((error) => {
  report(error.message)
  process.exitCode = error.exitCode ?? 1
})

async function setup() {
  await prepare()
  report("Ready: npm run demo, npm test")
}

async function demo(args) {
  const env = await prepare()
  await pnpm(["run", "build"], env)
  await pnpm(["run", "demo:start", ...args], env)
}

async function test(args) {
  const env = await prepare()
  await pnpm(["run", "check", ...args], await ensureBrowser(env))
}

/** Brings Node, pnpm and the dependencies, and tells the environment to run them in. */
async function prepare() {
  const env = await ensurePnpm(await ensureNode({ ...process.env, NEXT_TELEMETRY_DISABLED: "1" }))
  report("Installing the dependencies")
  await pnpm(["install", process.env.CI ? "--frozen-lockfile" : "--no-frozen-lockfile"], env)
  return env
}

function pnpm(args, env) {
  return run("pnpm", args, env)
}
