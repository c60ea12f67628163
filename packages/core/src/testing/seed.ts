import { isPromise } from "../awaitable.ts"
import { type Op, setOp } from "../batch.ts"
import { StoreError } from "../errors.ts"
import { type InputOf, KindRules, type Kinds } from "../kinds.ts"
import type { StoreOptions } from "../store-options.ts"

/** What is in a store when a test begins: values by kind and key. */
export type Seed<K extends Kinds = Kinds> = {
  readonly [N in keyof K & string]?: Readonly<Record<string, InputOf<K, N>>>
} & Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>

/**
 * The writes of a seed, checked as any others.
 *
 * @throws StoreError as `set` does; `unsupported` for a kind whose schema answers later.
 */
export function seedOps(seed: Seed, options: StoreOptions, now: number): Op[] {
  const { kinds = {}, strict = false, codecs } = options
  const rules = new KindRules(kinds, strict, codecs)
  return Object.entries(seed).flatMap(([kind, values = {}]) =>
    Object.entries(values).map(([key, value]) => {
      rules.checkNames(kind, key)
      const checked = rules.value(kind, key, value)
      if (isPromise(checked)) throw later(kind)
      return setOp(kind, key, checked, rules.end(kind, key, {}, now))
    }),
  )
}

function later(kind: string): StoreError {
  return new StoreError("unsupported", `The schema of ${kind} answers later than a seed can wait`, {
    details: { kind },
    hint: "Write its entries with set()",
  })
}
