/** A store that is being opened. */
export interface Opening {
  /** Resolves when it is there, or will not come. */
  readonly done: Promise<void>
  outcome: { readonly store: object } | { readonly error: unknown } | undefined
}

/** Kept here, because a provider that React has never mounted remembers nothing. */
const openings = new WeakMap<PromiseLike<object>, Opening>()

/** What has become of the promise of a store: the same for all who ask. */
export function openingOf(promise: PromiseLike<object>): Opening {
  const known = openings.get(promise)
  if (known !== undefined) return known
  const opening: Opening = {
    done: Promise.resolve(promise).then(
      (store) => {
        opening.outcome = { store }
      },
      (error: unknown) => {
        opening.outcome = { error }
      },
    ),
    outcome: undefined,
  }
  openings.set(promise, opening)
  return opening
}
