import type { Change, KindName, Kinds, Target, ValueOf } from "@tidemark/core"

/** The changes that a target can have in a store with these kinds, typed by their kind. */
export type ChangeOf<K extends Kinds, T> = [Target] extends [T] ? AnyChange<K> : ChangeOfPart<K, T>

// Only parts that are smaller than any target come here, so the recursion ends.
type ChangeOfPart<K extends Kinds, T> = T extends "*"
  ? AnyChange<K>
  : T extends string
    ? KindChange<K, T>
    : T extends readonly [infer N extends string, string]
      ? KindChange<K, N>
      : T extends { readonly kind: infer N extends string }
        ? KindChange<K, N>
        : T extends { readonly anyOf: readonly (infer Part)[] }
          ? ChangeOf<K, Part>
          : AnyChange<K>

/** A change of any kind: one of the declared kinds, or one that was not declared and holds plain JSON. */
export type AnyChange<K extends Kinds> =
  | { [N in keyof K & string]: KindChange<K, N> }[keyof K & string]
  | Change

/** What `changes$` can follow; the declared kinds are offered by name. */
export type TargetIn<K extends Kinds> = KindName<K> | Target

type KindChange<K extends Kinds, N extends string> = Change<ValueOf<K, N>> & { readonly kind: N }
