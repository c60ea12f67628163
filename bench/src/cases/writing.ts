import type { Store } from "@tidemark/core"
import { openStore as openFile } from "@tidemark/core/better-sqlite3"
import { openStore as openMemory } from "@tidemark/core/memory"
import { type Case, type Scale, timed } from "../case.ts"
import { Floor } from "../floor.ts"
import { freshFile } from "../folder.ts"
import { task, taskKey, tasks } from "../task.ts"

const RAW = "two rows in a transaction, better-sqlite3"
const MAP = "a Map"

/** Writes: one by one, many in one tick, very many as one batch. */
export const writingCases: readonly Case[] = [
  awaitedSets("full", (scale) => scale.fullSets),
  awaitedSets("process", (scale) => scale.sets),
  {
    what: "awaited single set",
    floorName: MAP,
    engine: "memory",
    durability: "none",
    per: "operation",
    floor: async ({ sets }) => (await timed(() => fillMap(sets))) / sets,
    ours: ({ sets }) =>
      onStore(openMemory(), async (store) => (await timed(() => setInTurn(store, sets))) / sets),
  },
  ...(["full", "process"] as const).map(
    (durability): Case => ({
      what: "burst of sets in one tick",
      floorName: "one transaction, better-sqlite3",
      engine: "better-sqlite3",
      durability,
      per: "whole",
      floor: ({ burst }) => onFloor(durability, (floor) => timed(() => writeAll(floor, burst))),
      ours: ({ burst }) =>
        onStore(openFile({ path: freshFile(), durability }), (store) =>
          timed(() => setAtOnce(store, burst)),
        ),
    }),
  ),
  {
    what: "burst of sets in one tick",
    floorName: MAP,
    engine: "memory",
    durability: "none",
    per: "whole",
    floor: ({ burst }) => timed(() => fillMap(burst)),
    ours: ({ burst }) => onStore(openMemory(), (store) => timed(() => setAtOnce(store, burst))),
  },
  ...(["full", "process"] as const).map(
    (durability): Case => ({
      what: "setMany of all rows",
      floorName: "one transaction, better-sqlite3",
      engine: "better-sqlite3",
      durability,
      per: "whole",
      floor: ({ rows }) => onFloor(durability, (floor) => timed(() => writeAll(floor, rows))),
      ours: ({ rows }) =>
        onStore(openFile({ path: freshFile(), durability }), (store) =>
          timed(() => store.setMany("tasks", tasks(rows))),
        ),
    }),
  ),
  {
    what: "setMany of all rows",
    floorName: MAP,
    engine: "memory",
    durability: "none",
    per: "whole",
    floor: ({ rows }) => timed(() => fillMap(rows)),
    ours: ({ rows }) =>
      onStore(openMemory(), (store) => timed(() => store.setMany("tasks", tasks(rows)))),
  },
]

function awaitedSets(durability: "full" | "process", count: (scale: Scale) => number): Case {
  return {
    what: "awaited single set",
    floorName: RAW,
    engine: "better-sqlite3",
    durability,
    per: "operation",
    floor: (scale) =>
      onFloor(
        durability,
        async (floor) => (await timed(() => writeInTurn(floor, count(scale)))) / count(scale),
      ),
    ours: (scale) =>
      onStore(
        openFile({ path: freshFile(), durability }),
        async (store) => (await timed(() => setInTurn(store, count(scale)))) / count(scale),
      ),
  }
}

async function onFloor<T>(
  durability: "full" | "process",
  use: (floor: Floor) => Promise<T>,
): Promise<T> {
  const floor = new Floor(freshFile(), durability)
  try {
    return await use(floor)
  } finally {
    floor.close()
  }
}

async function onStore<T>(store: Store, use: (store: Store) => Promise<T>): Promise<T> {
  try {
    return await use(store)
  } finally {
    await store.close()
  }
}

function writeInTurn(floor: Floor, count: number): void {
  for (let n = 0; n < count; n++) floor.transaction(() => floor.set("tasks", taskKey(n), task(n)))
}

function writeAll(floor: Floor, count: number): void {
  floor.transaction(() => {
    for (const [key, value] of tasks(count)) floor.set("tasks", key, value)
  })
}

function fillMap(count: number): void {
  const map = new Map(tasks(count))
  if (map.size !== count) throw new Error("The map has lost something")
}

async function setInTurn(store: Store, count: number): Promise<void> {
  for (let n = 0; n < count; n++) await store.set("tasks", taskKey(n), task(n))
}

async function setAtOnce(store: Store, count: number): Promise<void> {
  await Promise.all(tasks(count).map(([key, value]) => store.set("tasks", key, value)))
}
