/** The version of the protocol that this release speaks. */
export const PROTOCOL = 2

/** At most so many rows, or changes, are in an answer to a question. */
export const MOST_ROWS = 1_000
