import { useState } from "preact/hooks"
import { type Failure, failureOf } from "../failure.ts"

/** A write under way, or the reason why the last one failed. */
export interface Writing {
  readonly busy: boolean
  readonly failure: Failure | undefined
  /** Runs a write; what it throws becomes the failure. */
  readonly write: (run: () => Promise<void>) => void
}

/** Runs writes and keeps their errors in the panel. */
export function useWrite(): Writing {
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure>()
  const write = async (run: () => Promise<void>) => {
    setBusy(true)
    setFailure(undefined)
    try {
      await run()
    } catch (error) {
      setFailure(failureOf(error))
    } finally {
      setBusy(false)
    }
  }
  return { busy, failure, write: (run) => void write(run) }
}
