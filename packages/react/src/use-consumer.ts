import type {
  ConsumeOptions,
  Consumer,
  ConsumerStatus,
  Handler,
  KindName,
  Kinds,
  Target,
  ValueOf,
} from "@tidemark/core"
import { useCallback, useEffect, useInsertionEffect, useRef, useState } from "react"
import { useSurroundings } from "./context.ts"
import { useReading } from "./reading.ts"
import type { RegisteredKinds } from "./register.ts"

/** What a consumer does. */
export interface ConsumerState extends ConsumerStatus {
  /** How far it is behind the newest change of its target, in changes of the store. */
  readonly lag: number
}

/** Plain values: a function among the options would begin anew with each render. */
export type UseConsumerOptions = Pick<ConsumeOptions, "from" | "batch" | "retry" | "onGap">

export type UseConsumer<K extends Kinds> = {
  <N extends KindName<K>>(
    name: string,
    target: N | readonly [kind: N, key: string],
    handler: Handler<ValueOf<K, N>, K>,
    options?: UseConsumerOptions,
  ): ConsumerState
  (
    name: string,
    target: Target,
    handler: Handler<unknown, K>,
    options?: UseConsumerOptions,
  ): ConsumerState
}

const STARTING: ConsumerStatus = Object.freeze({ state: "starting" })

/**
 * Handles each change of a target once, over all restarts, while the component is mounted: see
 * `store.consume`. Always the handler of the newest render is called. Under one name one component
 * at a time goes on: whichever was mounted last.
 *
 * @throws StoreError to the nearest error boundary: `invalid_key`, `invalid_value`, what stops the consumer
 * @example
 * const { lag } = useConsumer("upload", "photos", async ({ key, value }, tx) => { … })
 */
export const useConsumer: UseConsumer<RegisteredKinds> = (
  name: string,
  target: Target,
  handler: Handler<never>,
  options: UseConsumerOptions = {},
): ConsumerState => {
  const { store } = useSurroundings("useConsumer()")
  const [consumer, setConsumer] = useState<Consumer>()
  const [failure, fail] = useState<{ readonly error: unknown }>()
  const latest = useRef(handler)
  useInsertionEffect(() => {
    latest.current = handler
  })
  /** The end of the one before, which would else be told that another has taken its place. */
  const before = useRef<Promise<void>>(Promise.resolve())
  const id = JSON.stringify([name, target, options])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the id stands for name, target and options.
  useEffect(() => {
    if (store === undefined) return
    let isWanted = true
    let running: Consumer | undefined
    const handle: Handler<never> = (change, tx, context) => latest.current(change, tx, context)
    // What cannot be called is refused now, and not by parking each change.
    const given = typeof latest.current === "function" ? handle : latest.current
    const start = () => {
      if (!isWanted) return
      running = store.consume(name, target, given as Handler, options)
      running.ended.catch((error: unknown) => isWanted && fail({ error }))
      setConsumer(running)
    }
    before.current.then(start).catch((error: unknown) => isWanted && fail({ error }))
    return () => {
      isWanted = false
      setConsumer(undefined)
      before.current = before.current.then(() => running?.close())
    }
  }, [store, id])
  const status = useReading({
    subscribe: useCallback(
      (listener) => consumer?.status.subscribe(listener) ?? (() => {}),
      [consumer],
    ),
    get: () => consumer?.status.get() ?? STARTING,
    getServer: () => STARTING,
  })
  const lag = useReading({
    subscribe: useCallback(
      (listener) => consumer?.lag.subscribe(listener) ?? (() => {}),
      [consumer],
    ),
    get: () => consumer?.lag.get() ?? 0,
    getServer: () => 0,
  })
  if (failure !== undefined) throw failure.error
  return { ...status, lag }
}
