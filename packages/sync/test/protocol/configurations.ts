import type { Configuration } from "./state.ts"

/** The small worlds that are explored whole, each for one thing that can happen in them. */
export const CONFIGURATIONS = {
  "links are cut": { replicas: 1, writes: 2, cuts: true },
  "links lose, double and reorder": {
    replicas: 1,
    writes: 1,
    ownWrites: 2,
    parts: 2,
    bad: true,
    cuts: true,
  },
  "links lose, double and reorder amid a restore": {
    replicas: 1,
    writes: 1,
    ownWrites: 1,
    restores: 1,
    bad: true,
    cuts: true,
  },
  "two replicas want the same": { replicas: 2, writes: 1, conflicts: true },
  "some writes are refused": { replicas: 1, writes: 3, ownWrites: 1, conflicts: true },
  "replicas stop": { replicas: 1, writes: 2, crashes: true },
  "replicas lose their storage": { replicas: 1, writes: 2, wipes: 1, cuts: true },
  "the power fails": { replicas: 2, writes: 1, powerCuts: true },
  "the power fails and replicas stop": { replicas: 1, writes: 2, powerCuts: true, crashes: true },
  "the log is pruned": { replicas: 1, writes: 1, ownWrites: 2, prunings: 1, cuts: true },
  "the authority is restored": { replicas: 1, writes: 2, restores: 1, conflicts: true },
  "the authority is restored amid writes": {
    replicas: 1,
    writes: 3,
    restores: 1,
    conflicts: true,
  },
  "the authority is restored twice": {
    replicas: 1,
    writes: 1,
    ownWrites: 1,
    restores: 2,
    cuts: true,
  },
  "the authority is restored and the power fails": {
    replicas: 1,
    writes: 2,
    restores: 1,
    powerCuts: true,
  },
  "the authority is restored and replicas stop": {
    replicas: 1,
    writes: 1,
    ownWrites: 1,
    restores: 1,
    conflicts: true,
    crashes: true,
  },
} as const satisfies Readonly<Record<string, Configuration>>
