import { markdown, significant, time, whole } from "../markdown.ts"
import type { SyncResults } from "./run.ts"

/** The results as Markdown tables, which also read well in a terminal. */
export function syncTables({ date, host, load, ...results }: SyncResults): string {
  const { roundTrips, firstState, streams, inBrowser, scale } = results
  const facts = [
    `${date.slice(0, 10)} · ${host.cpu}, ${host.cores} cores, ${host.memoryGb} GB, ${host.platform} · load ${load.map((one) => one.toFixed(1)).join(" before, ")} after`,
    `Node ${host.node} · Chromium ${inBrowser.chromium}, headless, storage on the disk`,
    "durability: full = on the disk before it is acknowledged; process = in the hands of the system; none = in memory.",
  ]
  const ratio = (ours: number, floor: number) => `${significant(ours / floor)}×`
  const trips = roundTrips.map(({ channel, durability, ping, write }) => [
    channel,
    durability,
    time(ping.p50),
    time(ping.p99),
    time(write.p50),
    time(write.p99),
    ratio(write.p50, ping.p50),
  ])
  const { rows, bytes, plainMs, oursMs } = firstState
  const floors = new Map(
    inBrowser.kept
      .filter(({ name }) => name === "sqlite-wasm in a worker")
      .map((kept) => [kept.durability, kept]),
  )
  const kept = inBrowser.kept.map(({ name, durability, single, burstMs, firstMs }) => {
    const floor = floors.get(durability)
    const beside = (ours: number, floorMs = Number.NaN) => `${time(ours)} (${ratio(ours, floorMs)})`
    return [
      name,
      durability,
      beside(single.p50, floor?.single.p50),
      time(single.p99),
      beside(burstMs, floor?.burstMs),
      beside(firstMs, floor?.firstMs),
    ]
  })
  return [
    facts.join("\n"),
    section(
      `An awaited write of a replica, confirmed by an authority in another thread (MessagePort) or process (HTTP, loopback), beside a bare message and its echo; ${whole(scale.roundTrips)} of each in turns`,
      [
        ["channel", "durability", "echo, p50", "p99", "write, p50", "p99", "times the echo"],
        ...trips,
      ],
    ),
    section("A first state over HTTP, until all is there", [
      ["what", "time", "times the fetch"],
      [
        `fetch and JSON.parse of ${whole(rows)} entries, ${(bytes / 1e6).toFixed(1)} MB`,
        time(plainMs),
        "",
      ],
      ["a replica, from SQLite", time(oursMs), ratio(oursMs, plainMs)],
    ]),
    section(
      `${whole(streams.streams)} event streams of one server in memory, each told ${whole(streams.perSecond)} changes a second`,
      [
        ["from write to follower, p50", "p99", "memory of a stream", "server's processor"],
        [
          time(streams.delivery.p50),
          time(streams.delivery.p99),
          `${(streams.bytesEach / 1000).toFixed(1)} kB`,
          `${Math.round(streams.busy * 100)} %`,
        ],
      ],
    ),
    section(
      `In a page: awaited single sets, ${whole(scale.burst)} sets of one tick, and one of ${whole(scale.rows)} entries from opening on; beside sqlite-wasm of the same durability`,
      [["who", "durability", "single set, p50", "p99", "burst", "first value"], ...kept],
    ),
    "Dexie's durability is IndexedDB's `strict` and `relaxed`. TinyBase has its tables in memory, saves them whole, and IndexedDB is relaxed there; a burst is one save.",
  ].join("\n\n")
}

function section(title: string, rows: readonly (readonly string[])[]): string {
  return `## ${title}\n\n${markdown(rows)}`
}
