import type { ReplicaStorage } from "@tidemark/sync"

/** So long nothing may be written until a state counts as kept, in milliseconds. */
const PAUSE = 50

/** The same storage; tells when its base begins and when it ends to take over a whole state. */
export function toldStorage(
  { base, outbox }: ReplicaStorage,
  onKeeping: (isKeeping: boolean) => void,
): ReplicaStorage {
  const ingest = base.ingest.bind(base)
  let isKeeping = false
  let underWay = 0
  const tell = (next: boolean) => {
    if (next === isKeeping) return
    isKeeping = next
    onKeeping(next)
  }
  base.ingest = async (part) => {
    if (part.reset !== undefined) tell(true)
    underWay++
    try {
      await ingest(part)
    } finally {
      underWay--
      // A state comes in parts, one after the other.
      setTimeout(() => tell(isKeeping && underWay > 0), PAUSE)
    }
  }
  return { base, outbox }
}
