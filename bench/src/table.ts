import { markdown, significant, time, whole } from "./markdown.ts"
import type { Measured } from "./measure.ts"
import type { Results } from "./run.ts"

/** The results as one Markdown table, which also reads well in a terminal. */
export function tableOf({ machine, scale, cases, sizes, date }: Results): string {
  const facts = [
    `${date.slice(0, 10)} · ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.platform}`,
    `Node ${machine.node} · SQLite ${machine.sqlite} · one append with fsync ${time(machine.fsyncMs)}`,
    `${whole(scale.rows)} rows, bursts of ${whole(scale.burst)}, ${whole(scale.subscribers)} subscribers; median of ${scale.rounds} rounds, both sides in turn`,
    "durability: full = on the disk before it is acknowledged; process = in the hands of the system. The floor runs with the same pragmas.",
  ]
  const rows = [
    ["what", "durability", "floor", "time", "ours on", "time", "times the floor"],
    ...cases.map(caseRow),
    ...sizes.map(({ what, minified, gzipped }) => [
      `bundle: ${what}`,
      "",
      "",
      "",
      "esbuild",
      `${kilobytes(gzipped)} gzip (${kilobytes(minified)})`,
      "",
    ]),
  ]
  return `${facts.join("\n")}\n\n${markdown(rows)}\n`
}

function caseRow({
  what,
  durability,
  floorName,
  floorMs,
  engine,
  oursMs,
  per,
  ratio,
}: Measured): string[] {
  const shown = (ms: number) =>
    per === "operation" ? `${time(ms)} (${whole(1000 / ms)}/s)` : time(ms)
  return [
    what,
    durability === "none" ? "" : durability,
    floorName,
    shown(floorMs),
    engine,
    shown(oursMs),
    `${significant(ratio)}×`,
  ]
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`
}
