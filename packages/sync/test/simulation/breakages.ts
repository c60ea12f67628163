import { defineKinds, type Kinds, kind } from "@tidemark/core"
import { newEpoch } from "@tidemark/core/engine"
import type { WayBreakage } from "./channel.ts"
import { APPLICATION, NAMES, PAGES, type Version } from "./kinds.ts"
import type { Breakage } from "./world.ts"

/** Parts that are broken on purpose, and the invariant that must find each, from a seed on. */
export const BREAKAGES: Readonly<
  Record<string, { readonly breakage: Breakage; readonly found: RegExp; readonly from?: number }>
> = {
  "an outbox that forgets": {
    breakage: { isOfTabs: false, outbox: { forgets: 3 } },
    found: /before it was stored|neither pending nor processed|was sent as/,
  },
  "an authority that answers before it is durable": {
    breakage: { isOfTabs: false, authorityDisk: { answersEarly: true } },
    found: /durable is|acknowledged/,
  },
  "a restored authority that does not say so": {
    breakage: { isOfTabs: false, authorityDisk: { keepsEpoch: true } },
    found: /which no log has|acknowledged and is lost|is not the log|was sent as/,
  },
  "a channel that hides a cut": {
    breakage: { isOfTabs: false, way: { told: hidingCuts } },
    found: /is not the log/,
  },
  "a channel that sends writes again as somebody else's": {
    breakage: { isOfTabs: false, way: { said: renaming } },
    found: /was never sent|is in the log twice/,
  },
  "an application that does not merge": {
    breakage: { isOfTabs: false, application: unmerged },
    found: /has made/,
  },
  "an application that forgets what pages were": {
    breakage: { isOfTabs: false, application: forgetful },
    found: /reads/,
  },
  "a channel that hides the age of replicas": {
    breakage: { isOfTabs: false, way: { said: agelessly } },
    found: /reads|pending writes/,
  },
  "a channel that tells answers too early": {
    breakage: { isOfTabs: false, way: { told: early } },
    found: /finds what never was/,
  },
  "an origin that keeps the locks of the dead": {
    breakage: { isOfTabs: true, origin: { keepsLocks: true } },
    found: /stays|never ends|pending writes/,
  },
  "a worker that answers before it is durable": {
    breakage: { isOfTabs: true, tabsDisk: { answersEarly: true } },
    found: /durable is|acknowledged/,
  },
  "a channel that hides what writes rest on": {
    breakage: { isOfTabs: false, way: { said: restless } },
    found: /has made|is in the log twice/,
    from: 1_100, // It is rare among the first.
  },
  "a channel that swallows writes": {
    breakage: { isOfTabs: false, way: { said: swallowing } },
    found: /never ends|pending writes/,
  },
}

/** Loses changes, and makes the next ones fit. */
function hidingCuts(): ReturnType<NonNullable<WayBreakage["told"]>> {
  let count = 0
  let from: number | undefined
  return (message) => {
    if (message.type !== "changes") return message
    count += 1
    if (count % 2 === 0 && message.changes.length > 0) {
      from ??= message.from
      return undefined
    }
    const patched = from === undefined ? message : { ...message, from }
    from = undefined
    return patched
  }
}

/** Gives every third message of writes, from the first, to a client that does not exist. */
function renaming(): ReturnType<NonNullable<WayBreakage["said"]>> {
  let count = 0
  return (message) => {
    if (message.type !== "mutate") return message
    count += 1
    return count % 3 === 1 ? { ...message, client: newEpoch() } : message
  }
}

function restless(): ReturnType<NonNullable<WayBreakage["said"]>> {
  return (message) => {
    if (message.type !== "mutate") return message
    const mutations = message.mutations.map(({ rests: _, ...mutation }) => mutation)
    return { ...message, mutations }
  }
}

function unmerged(version: Version): Kinds {
  const { [NAMES]: _, ...kinds } = APPLICATION(version)
  return kinds
}

/** Brings pages up to date by leaving out what stands on them. */
function forgetful(version: Version): Kinds {
  const { [PAGES]: pages, ...kinds } = APPLICATION(version)
  if (version === 1) return { ...kinds, [PAGES]: pages as Kinds[string] }
  return { ...kinds, ...defineKinds({ [PAGES]: kind({ version, upcast: { 1: () => ({}) } }) }) }
}

function agelessly(): ReturnType<NonNullable<WayBreakage["said"]>> {
  return (message) => (message.type === "hello" ? { ...message, schemas: {} } : message)
}

/** Says of what was read that every base has come as far. */
function early(): ReturnType<NonNullable<WayBreakage["told"]>> {
  return (message) =>
    message.type === "answer" && "found" in message ? { ...message, seq: 0 } : message
}

function swallowing(): ReturnType<NonNullable<WayBreakage["said"]>> {
  return (message) => (message.type === "mutate" ? undefined : message)
}
