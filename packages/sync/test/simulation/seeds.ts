/** Seeds that have failed once, with what they had shown. They always run. */
export const SEEDS: Readonly<Record<number, string>> = {
  3: "a welcome sent writes that the outbox was still storing",
  46: "an outbox forgot a write before the disk had it in the base, and a crash came",
  139: "an answer was lost, a later one came, and nobody asked for the first again",
  532707:
    "a state was lost on the way to a replica without a base, and 0 was taken for where it is",
}
