import type { Clock } from "./clock.ts"
import type { GeneralCodec } from "./kind-options.ts"
import type { Kinds } from "./kinds.ts"
import type { RetentionOptions } from "./retention.ts"

/** What opening a store can be told, on any engine. */
export interface StoreOptions<K extends Kinds = Kinds> {
  /** The declared kinds, from `defineKinds`. */
  readonly kinds?: K
  /** Refuse kinds that were not declared. Default: they hold plain JSON. */
  readonly strict?: boolean
  /** Codecs that wrote some of what is stored, besides those that the kinds declare. */
  readonly codecs?: readonly GeneralCodec[]
  /** How much of the past is kept. */
  readonly retention?: RetentionOptions
  /** The time; a test gives its own. */
  readonly clock?: Clock
  /** Where errors go that watch handlers and live listeners throw. Default: the console. */
  readonly onError?: (error: unknown) => void
}

/** The names of what opening any store can be told. */
export const STORE_OPTIONS: readonly string[] = Object.keys({
  kinds: true,
  strict: true,
  codecs: true,
  retention: true,
  clock: true,
  onError: true,
} satisfies Record<keyof StoreOptions, true>)
