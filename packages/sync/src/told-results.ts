import type { Answer } from "./message.ts"

/** So many characters of what was there before its deletes are told of a message; a single one may be longer. */
const MOST = 4 * 1024 * 1024

/**
 * Bounds what the answers to one message tell of values that were deleted: who repeats a mutation
 * may name one large entry very often. A replica that is not told finds them in its base.
 */
export class ToldResults {
  #length = 0

  /** The answer; without its results, where they are too long. */
  within(answer: Answer): Answer {
    if (answer.type !== "ack" || answer.results === undefined) return answer
    const { results, ...rest } = answer
    let isFirst = this.#length === 0
    for (const result of results) {
      if (!("existed" in result && result.existed)) continue
      this.#length += JSON.stringify(result).length
      if (this.#length > MOST && !isFirst) return rest
      isFirst = false
    }
    return answer
  }
}
