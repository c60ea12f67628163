/**
 * Seeds that show something that was wrong once, by what that was. They always run. A change of what
 * can happen in a world makes other worlds of the same seeds: then they are to be looked for anew, with
 * the code broken as it was.
 */
export const SEEDS: Readonly<Record<number, string>> = {
  2: "a welcome sent writes that the outbox was still storing",
  110: "an outbox forgot a write before the disk had it in the base, and a crash came",
  1387: "a follower was not told of positions at which nothing was for its eyes",
}
