/** The first wait, in milliseconds. */
const FIRST = 200

/** The longest wait, in milliseconds. */
const LONGEST = 15_000

/** How long to wait before a try, given how many have failed: doubling, and spread so that replicas do not come all at once. */
export function backoff(failures: number, random: () => number): number {
  const longest = Math.min(LONGEST, FIRST * 2 ** Math.min(failures, 16))
  return longest * (0.5 + random() / 2)
}
