import type { ErrorRecord } from "@tidemark/core"
import type { Engine, Outcome } from "@tidemark/core/engine"

/** The two engines of a replica's storage. */
export type EngineRole = "base" | "outbox"

/** The calls of the engine port that cross to the worker. */
export type EngineCall = Exclude<
  {
    [Name in keyof Engine]: Engine[Name] extends (...parameters: never) => unknown ? Name : never
  }[keyof Engine],
  undefined
>

/** One call of an engine in a worker. */
export interface CallRequest {
  readonly engine: EngineRole
  readonly call: EngineCall
  readonly parameters: readonly unknown[]
}

/** Asks the worker to open the databases of a replica. */
export interface StartRequest {
  readonly start: {
    readonly directory: string
    /** How long somebody else may still hold the storage, in milliseconds. */
    readonly patience: number
    /** The name of a lock that is held as long as the worker lives. */
    readonly life: string
  }
}

export type EngineRequest = CallRequest | StartRequest

/** An outcome of a commit, as it travels. */
export type OutcomeRecord =
  | Extract<Outcome, { applied: true }>
  | { readonly applied: false; readonly error: ErrorRecord }

/** What the worker tells on its own. */
export type EngineNews =
  /** The worker can be seen to be alive, and not to be. */
  | { readonly shows: true }
  | { readonly engine: EngineRole; readonly advance: unknown }
  | { readonly engine: EngineRole; readonly report: ErrorRecord }
