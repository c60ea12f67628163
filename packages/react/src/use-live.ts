import type { Live } from "@tidemark/core"
import { useMemo } from "react"
import { type Reading, useReading } from "./reading.ts"
import type { KeyOptions } from "./use-key.ts"

/**
 * The value of a live result, kept current, such as one of `derive` or of another library's store:
 * for what no other hook reads. Give it the same object in every render, made outside of components
 * or in `useMemo`. Renders again only when the value becomes another one.
 *
 * With `initial` that is what a server renders, and a client for the first time; without it, what
 * the live result has there, which must then be the same.
 *
 * @throws what the live result throws when it is asked
 * @example
 * const open = derive([store.liveList("tasks")], (tasks) => tasks.filter(({ value }) => !value.done).length)
 * const count = useLive(open)
 */
export function useLive<T>(live: Live<T>, options?: KeyOptions<T>): T {
  const hasInitial = options !== undefined
  const initial = options?.initial
  const reading = useMemo(
    (): Reading<T> => ({
      subscribe: (listener) => live.subscribe(listener),
      get: () => live.get(),
      getServer: () => (hasInitial ? (initial as T) : live.get()),
    }),
    [live, hasInitial, initial],
  )
  return useReading(reading)
}
