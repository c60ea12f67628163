import type { Store } from "@tidemark/core"
import type { FollowTarget } from "../../src/follow.ts"
import type { Process } from "./clock.ts"
import type { Version } from "./kinds.ts"
import type { Screens } from "./screens.ts"

/** Whoever follows, as its invariants see it: a replica, or a tab. */
export interface Follower {
  readonly name: string
  readonly process: Process
  /** `undefined` while it is down. */
  readonly store: Store | undefined
  readonly screens: Screens | undefined
  /** What it follows, … */
  readonly follow: readonly FollowTarget[]
  /** … and what of that it holds. */
  readonly held: readonly FollowTarget[]
  /** The version of the application that runs. */
  readonly running: Version
  readonly hasBase: boolean
  /** What the base has at a time, as text; `undefined` while there is none. */
  shown(now: number): string | undefined
  /** Who its outbox says it is; `undefined` where that is not kept. */
  readonly client: string | undefined
  /** The numbers of a client in the outbox, and whether each is durable there; `undefined` where they are not kept. */
  stored(client: string): ReadonlyMap<number, boolean> | undefined
  /** The numbers of a client in the outbox that rest on others. */
  resting(client: string): readonly number[]
  /** How often something was written to the outbox. */
  readonly stores: number
}
