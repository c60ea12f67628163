import { type Clock, type ErrorRecord, StoreError } from "@tidemark/core"
import { newEpoch } from "@tidemark/core/engine"
import { DEADLINE } from "./deadlines.ts"
import { hostOrigin, type Origin } from "./origin.ts"

/** What is called out on the channel of exports; only those listen who wait for one. */
type Call =
  /** Who answers is here. */
  | { readonly here: true }
  | { readonly ask: string }
  | { readonly answer: string; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly answer: string; readonly error: ErrorRecord }

/** Answers who asks for the database of a name. Gives a function that ends it. */
export function answerExports(
  name: string,
  bytes: () => Uint8Array<ArrayBuffer>,
  origin: Origin = hostOrigin,
): () => void {
  const calls = origin.broadcast(channelOf(name))
  const say = (call: Call) => calls.postMessage(call)
  calls.addEventListener("message", ({ data }: MessageEvent<Call>) => {
    if (!("ask" in data)) return
    try {
      say({ answer: data.ask, bytes: bytes() })
    } catch (cause) {
      const error = new StoreError("storage_unavailable", "The database could not be read", {
        details: { error: String(cause) },
        hint: "Try it again",
        cause,
      })
      say({ answer: data.ask, error: error.toJSON() })
    }
  })
  say({ here: true })
  return () => calls.close()
}

/** Asks for the database of a name; again when another answers from then on. */
export async function askExport(name: string, clock: Clock): Promise<Uint8Array<ArrayBuffer>> {
  const id = newEpoch()
  const calls = new BroadcastChannel(channelOf(name))
  const ask = () => calls.postMessage({ ask: id } satisfies Call)
  let cancel: () => void = () => {}
  try {
    return await new Promise((resolve, reject) => {
      cancel = clock.after(DEADLINE, () => reject(noAnswer()))
      calls.addEventListener("message", ({ data }: MessageEvent<Call>) => {
        if ("here" in data) ask()
        if (!("answer" in data) || data.answer !== id) return
        if ("error" in data) reject(StoreError.from(data.error))
        else resolve(data.bytes)
      })
      ask()
    })
  } finally {
    cancel()
    calls.close()
  }
}

function channelOf(name: string): string {
  return `${name} exports`
}

function noAnswer(): StoreError {
  return new StoreError("storage_unavailable", "No tab could give the database in time", {
    hint: "Look at tab and status of the store, and try it again",
  })
}
