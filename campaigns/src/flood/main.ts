// `pnpm flood`: a million changes, or as many as `--changes` says, read by slow work in a process with
// a heap of 64 MB, or `--heap`. `--operator concatMap` shows what RxJS's own operator takes for it.
import { parseArgs } from "node:util"
import { endProgress } from "../progress.ts"
import { flood } from "./campaign.ts"

const { values } = parseArgs({
  options: {
    changes: { type: "string", default: "1000000" },
    heap: { type: "string", default: "64" },
    operator: { type: "string", default: "inTurn" },
  },
})
const operator = values.operator === "concatMap" ? "concatMap" : "inTurn"
const start = Date.now()
const { written, told, inOrder, peak } = await flood({
  changes: Number(values.changes),
  heap: Number(values.heap),
  operator,
  progress: "inherit",
})
endProgress()
const seconds = Math.round((Date.now() - start) / 1_000)
process.stdout.write(
  `${operator}: ${told} of ${written} changes told${inOrder ? ", each in its place" : ""}; ${(peak / 2 ** 20).toFixed(1)} MB of heap at most; ${seconds} s\n`,
)
if (told !== written || !inOrder) process.exitCode = 1
