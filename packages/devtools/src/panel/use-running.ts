import { useEffect } from "preact/hooks"
import type { Readable } from "../cell.ts"
import { useLive } from "./use-live.ts"

/** Something that reads from the store from its start to its end. */
interface Running<T> extends Readable<T> {
  start(): () => void
}

/** Runs a reader while it is on screen, and gives what it has read. */
export function useRunning<T>(reader: Running<T>): T {
  useEffect(() => reader.start(), [reader])
  return useLive(reader)
}
