import type { Mutation } from "./message.ts"

/** At most so many writes go in one message, or fewer where the authority says so. */
const MOST_MUTATIONS = 200

/** Bytes of a message around its writes, and some more. */
const FRAME = 512

/** What a message with writes may have at most, as far as the authority has said. */
export interface Most {
  readonly bytes?: number
  readonly mutations?: number
}

/** What a replica is told, to keep to it; nothing of what has no limit. */
export function mostOf(bytes: number, mutations: number): Most {
  return {
    ...(bytes < Number.POSITIVE_INFINITY ? { bytes } : {}),
    ...(mutations < Number.POSITIVE_INFINITY ? { mutations } : {}),
  }
}

/**
 * Writes as they go in messages, each within what the authority takes. A write that is too large by
 * itself is stood for by another one of its number, which the authority refuses: a number that never
 * came would hold up all after it.
 */
export function portionsOf(
  mutations: readonly Mutation[],
  { bytes = Number.POSITIVE_INFINITY, mutations: most = MOST_MUTATIONS }: Most,
): readonly (readonly Mutation[])[] {
  const portions: Mutation[][] = []
  const room = bytes - FRAME
  let left = 0
  for (const mutation of mutations) {
    // To measure costs as much as to send; it is left out where nothing depends on it.
    const size = room < Number.POSITIVE_INFINITY ? sizeOf(mutation) : 0
    const own = size > room ? standInFor(mutation, size) : mutation
    const needed = own === mutation ? size : sizeOf(own)
    const last = portions.at(-1)
    if (last !== undefined && needed <= left && last.length < Math.min(most, MOST_MUTATIONS)) {
      last.push(own)
      left -= needed
    } else {
      portions.push([own])
      left = room - needed
    }
  }
  return portions
}

/** What is sent for a write that is too large. */
export function standInFor({ mutation }: Mutation, large: number): Mutation {
  return { mutation, ops: [], large }
}

function sizeOf(mutation: Mutation): number {
  return new TextEncoder().encode(JSON.stringify(mutation)).byteLength + 1
}
