// `pnpm check`: everything that must hold, on a machine that is set up.
import { check } from "./check/check.mjs"
import { stopChildrenWithUs } from "./setup/process.mjs"

stopChildrenWithUs()
process.exitCode = await check(process.env)
