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
  readonly id: number
  readonly engine: EngineRole
  readonly call: EngineCall
  readonly parameters: readonly unknown[]
}

/** Asks the worker to open its databases. */
export interface StartRequest {
  readonly id: number
  readonly start: { readonly directory: string }
}

export type WorkerRequest = CallRequest | StartRequest

/** An outcome of a commit, as it travels. */
export type OutcomeRecord =
  | Extract<Outcome, { applied: true }>
  | { readonly applied: false; readonly error: ErrorRecord }

/** What comes back: the value of a call, or its error; and what an engine tells on its own. */
export type WorkerReply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: ErrorRecord }
  | { readonly engine: EngineRole; readonly advance: unknown }
