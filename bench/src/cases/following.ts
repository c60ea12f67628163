import { openStore } from "@tidemark/core/memory"
import { type Case, timed } from "../case.ts"
import { task, taskKey } from "../task.ts"

/** One change on its way to who follows. */
export const followingCases: readonly Case[] = [
  {
    what: "one of many key subscribers notified by a set",
    floorName: "a Map of Sets",
    engine: "memory",
    durability: "none",
    per: "operation",
    floor: ({ subscribers, notices }) => notifyByHand(subscribers, notices),
    ours: ({ subscribers, notices }) => notify(subscribers, notices),
  },
]

async function notifyByHand(subscribers: number, notices: number): Promise<number> {
  const values = new Map<string, unknown>()
  const listeners = new Map<string, Set<() => void>>()
  let told = 0
  for (let n = 0; n < subscribers; n++) listeners.set(taskKey(n), new Set([() => void told++]))
  const ms = await timed(() => {
    for (let n = 0; n < notices; n++) {
      const key = taskKey((n * 31) % subscribers)
      values.set(key, task(n))
      for (const listener of listeners.get(key) ?? []) listener()
    }
  })
  if (told !== notices) throw new Error("Not all were told")
  return ms / notices
}

async function notify(subscribers: number, notices: number): Promise<number> {
  const store = openStore()
  let told = 0
  for (let n = 0; n < subscribers; n++) store.live("tasks", taskKey(n)).subscribe(() => void told++)
  const ms = await timed(async () => {
    for (let n = 0; n < notices; n++)
      await store.set("tasks", taskKey((n * 31) % subscribers), task(n))
  })
  await store.close()
  if (told < notices) throw new Error("Not all were told")
  return ms / notices
}
