import type { FeedMessage } from "./message.ts"

/**
 * Messages as server-sent events. They are pulled as fast as the reader takes them, so a slow
 * reader holds at most one message; a comment now and then shows that the stream is alive.
 */
export function eventStream(
  messages: AsyncGenerator<FeedMessage, void, undefined>,
  options: { readonly heartbeat: number; readonly end: () => void },
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let beat: ReturnType<typeof setInterval> | undefined
  const stop = () => {
    clearInterval(beat)
    options.end()
  }
  return new ReadableStream<Uint8Array>({
    start(controller) {
      beat = setInterval(() => {
        // A reader that does not read gets no comments on top.
        if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(":\n\n"))
      }, options.heartbeat)
    },
    async pull(controller) {
      try {
        const { done, value } = await messages.next()
        if (!done) return controller.enqueue(encoder.encode(eventOf(value)))
        stop()
        controller.close()
      } catch (error) {
        stop()
        controller.error(error)
      }
    },
    cancel() {
      stop()
    },
  })
}

function eventOf(message: FeedMessage): string {
  const data = `data: ${JSON.stringify(message)}\n\n`
  const isPosition = message.type === "changes" || (message.type === "snapshot" && message.last)
  return isPosition ? `id: ${message.to}\n${data}` : data
}
