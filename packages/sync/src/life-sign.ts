import { hostOrigin, type Origin } from "./origin.ts"

/**
 * A sign that this side is alive: a lock under a name. The browser lets go of it however this side
 * ends, so that nobody has to guess from silence. Where there are no locks, nothing is shown.
 */
export interface LifeSign {
  /** Resolves when it shows. */
  readonly shown: Promise<void>
  end(): void
}

/** Shows a sign of life under a name that nobody else uses. */
export function showLife(name: string, { locks }: Origin = hostOrigin): LifeSign {
  if (locks === undefined) return { shown: Promise.resolve(), end() {} }
  let end: () => void = () => {}
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  const shown = new Promise<void>((resolve, reject) => {
    locks
      .request(name, () => {
        resolve()
        return ended
      })
      .catch(reject)
  })
  return { shown, end }
}

/** Calls back once when the sign of life under a name is gone, unless the signal fires before. */
export function onLifeEnd(
  name: string,
  signal: AbortSignal | undefined,
  callback: () => void,
  { locks }: Origin = hostOrigin,
): void {
  locks
    ?.request(name, signal === undefined ? {} : { signal }, () => {
      if (!signal?.aborted) callback()
    })
    .catch(() => {}) // Nobody wants to know any more.
}
