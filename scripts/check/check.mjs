import { existsSync, readFileSync, rmSync } from "node:fs"
import { availableParallelism } from "node:os"
import path from "node:path"
import { root, run } from "../setup/process.mjs"
import { report } from "../setup/progress.mjs"
import { closingLine, totals } from "./totals.mjs"

// Scripts of the root package. What comes later needs what was built, and nothing else before it.
const build = ["build", "build:examples"]
const still = ["typecheck", "lint", "lint:deps", "check:packages", "knip", "size"]
// Of this run alone: another may be under way in the same folder.
const results = path.join(root, ".results", `${process.pid}.json`)
const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${results}`]

/**
 * Builds and checks everything, and tells on the last line how the tests went. A check that
 * fails counts there as a failed test; the others run all the same.
 *
 * @returns the exit code
 */
export async function check(env) {
  const unbuilt = await failures(build, env)
  if (unbuilt > 0) return close({ passed: 0, failed: 0, skipped: 0 }, unbuilt)
  const failed = await failures(still, env, availableParallelism())
  report("tests")
  const vitest = ["exec", "vitest", "run", ...reporters]
  await run("pnpm", vitest, env).catch((error) => report(error.message))
  return close(totals(read(results)), failed)
}

function close(counted, failedChecks) {
  const { line, exitCode } = closingLine(counted, failedChecks)
  console.log(line)
  return exitCode
}

/** Runs scripts of the root package, so many at once, and tells how many failed. */
async function failures(names, env, atOnce = 1) {
  let failed = 0
  const waiting = names.values()
  const runner = async () => {
    for (const name of waiting) {
      report(name)
      await run("pnpm", ["run", name], env, { quiet: true }).catch((error) => {
        report(error.message)
        failed += 1
      })
    }
  }
  await Promise.all(Array.from({ length: atOnce }, runner))
  return failed
}

function read(file) {
  if (!existsSync(file)) return undefined
  const results = JSON.parse(readFileSync(file, "utf8"))
  rmSync(file)
  return results
}
