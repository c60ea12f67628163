import { type Clock, type Store, StoreError } from "@tidemark/core"
import { type Awaitable, storedFacts } from "@tidemark/core/engine"
import type { Authorization } from "./authorization.ts"

/** How often a server asks again what a principal may do where nothing else is said, in milliseconds. */
export const RECHECK = 300_000

/** Says who is at the other end and what it may do; `undefined` for who may do nothing. */
export type Authorize = () => Awaitable<Authorization | undefined>

/** What a principal may do, and with which store, where that depends on who it is. */
interface Access extends Authorization {
  readonly store?: Pick<Store, "epoch">
}

export interface RecheckOptions {
  readonly clock: Clock
  /** In milliseconds; `Infinity` never asks again. */
  readonly every: number
  /** Called once, with the reason why what was allowed is allowed no more, or not known to be. */
  readonly ended: (reason: unknown) => void
}

/**
 * Asks from time to time whether a principal may still do what it could. When the answer is another
 * one, or fails, what was begun is to end: who may go on begins anew with what it may do now. Gives
 * what ends the asking.
 */
export function recheck(
  known: Access,
  authorize: () => Awaitable<Access | undefined>,
  { clock, every, ended }: RecheckOptions,
): () => void {
  let cancel = () => {}
  let isOver = false
  const ask = async () => {
    try {
      const now = await authorize()
      if (isOver) return
      if (textOf(now) === textOf(known)) wait()
      else ended(now === undefined ? turnedAway() : "The principal may do something else now")
    } catch (error) {
      if (!isOver) ended(error)
    }
  }
  const wait = () => {
    if (every < Number.POSITIVE_INFINITY) cancel = clock.after(every, ask)
  }
  wait()
  return () => {
    isOver = true
    cancel()
  }
}

/**
 * The same for who may do nothing here and for what is not here: nobody learns which names exist
 * by trying them.
 */
export function turnedAway(): StoreError {
  return new StoreError("unauthorized", "The server turned the request away")
}

function textOf(access: Access | undefined): string {
  if (access === undefined) return ""
  const { principal, kinds = null, write = true, store } = access
  // Each time somebody asks for a scope there is another object for it.
  const entered = store === undefined ? null : [store.epoch, storedFacts(store).scope]
  return JSON.stringify([principal, kinds, write, entered])
}
