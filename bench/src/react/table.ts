import { markdown, significant, time } from "../markdown.ts"
import type { ReactMeasured, ReactResults } from "./run.ts"
import type { Spread } from "./spread.ts"

type Part = "painted" | "work" | "script"

/** The results as Markdown tables, which also read well in a terminal. */
export function reactTables(results: ReactResults): string {
  const { date, host, chromium, versions, load, scale, operations } = results
  const facts = [
    `${date.slice(0, 10)} · ${host.cpu}, ${host.cores} cores, ${host.memoryGb} GB, ${host.platform} · load ${load.map((one) => one.toFixed(1)).join(" before, ")} after`,
    `Chromium ${chromium}, headless, without a frame rate limit · production builds, no StrictMode · ${scale.rounds} ${scale.rounds === 1 ? "round" : "rounds"} in new pages, all libraries in turn`,
    "Time until the page is painted grows with whatever else the machine does; processor time much less.",
    versions.join(" · "),
    "Durability: none. Every library keeps its rows in memory alone.",
  ]
  const names = operations[0]?.of.map(({ library }) => library) ?? []
  const rows = (cell: (one: ReactMeasured, floor: ReactMeasured) => string) =>
    operations.map(({ what, of }) => [what, ...of.map((one) => cell(one, of[0] as ReactMeasured))])
  const ratios = (part: Part) => [
    ["times React alone", ...names],
    ...rows((one, floor) =>
      one === floor
        ? time(one[part].median)
        : `${significant(one[part].median / floor[part].median)}×`,
    ),
    ["geometric mean", ...means(results, part)],
  ]
  const spreads = (part: Part) => [[`${part}, ms`, ...names], ...rows((one) => spread(one[part]))]
  return [
    facts.join("\n"),
    section("From the click until the page is painted", ratios("painted")),
    section("Processor time of the main thread meanwhile", ratios("work")),
    section("Processor time of scripts alone", ratios("script")),
    section("Components rendered: lines + lists", [
      ["renders", ...names],
      ...rows(({ renders: { lines, lists } }) => `${lines} + ${lists}`),
    ]),
    section("Medians, and between what half of the samples lie", spreads("painted")),
    markdown(spreads("work")),
    markdown(spreads("script")),
  ].join("\n\n")
}

function section(title: string, rows: readonly (readonly string[])[]): string {
  return `## ${title}\n\n${markdown(rows)}`
}

function means({ operations }: ReactResults, part: Part): string[] {
  const count = operations[0]?.of.length ?? 0
  return Array.from({ length: count }, (_, place) => {
    const logarithms = operations.map(({ of }) =>
      Math.log((of[place]?.[part].median ?? 0) / (of[0]?.[part].median ?? 0)),
    )
    const sum = logarithms.reduce((total, one) => total + one, 0)
    return place === 0 ? "" : `${significant(Math.exp(sum / logarithms.length))}×`
  })
}

function spread({ median, low, high }: Spread): string {
  return `${significant(median)} (${significant(low)}–${significant(high)})`
}
