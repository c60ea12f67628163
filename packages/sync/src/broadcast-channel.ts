import { newEpoch } from "@tidemark/core/engine"
import { Line } from "./broadcast-line.ts"
import type { Channel } from "./channel.ts"
import type { ClientMessage, ServerMessage } from "./message.ts"
import { hostOrigin, type Origin } from "./origin.ts"
import type { ServerEnd } from "./serve.ts"

/** What is called out to everybody under a name: an authority is here, or a follower has a line open. */
type Call = { readonly here: true } | { readonly line: string }

/**
 * A channel to whoever serves under a name in this origin: another tab, or a worker of one. A link
 * that finds nobody waits until somebody is there. Where the host has Web Locks, the death of
 * either side ends the link at once.
 *
 * @example
 * const store = connect(broadcastChannel("app"), { kinds })
 */
export function broadcastChannel(name: string, origin: Origin = hostOrigin): Channel {
  return {
    open(receiver) {
      const id = newEpoch()
      const waiting: ClientMessage[] = []
      let hasMet = false
      const calls = origin.broadcast(name)
      const line = new Line(origin, `${name}/${id}`, "follower", "authority", {
        met() {
          hasMet = true
          calls.close()
          line.watch()
          for (const message of waiting.splice(0)) line.send(message)
        },
        message: (data) => receiver.message(data as ServerMessage),
        closed(reason) {
          calls.close()
          receiver.closed(reason)
        },
      })
      const knock = () => {
        if (!line.isOver && !hasMet) calls.postMessage({ line: id } satisfies Call)
      }
      const fail = (reason: unknown) => {
        if (line.isOver) return
        calls.close()
        line.close()
        receiver.closed(reason)
      }
      line.ready.then(() => {
        if (line.isOver) return
        calls.addEventListener("message", ({ data }: MessageEvent<Call>) => {
          if ("here" in Object(data)) knock()
        })
        knock()
      }, fail)
      return {
        send(message) {
          if (hasMet) line.send(message)
          else waiting.push(message)
        },
        close() {
          if (!line.isOver) calls.close()
          line.close()
        },
      }
    },
  }
}

/**
 * Serves under a name in this origin, where nobody else may serve at the same time: `accept` is
 * called with the authority's end of each link. Gives a function that ends it, and all links.
 *
 * @example
 * const stop = acceptBroadcast("app", (end) => serve(store, end, { authorization: { principal: "tab" } }))
 */
export function acceptBroadcast(
  name: string,
  accept: (end: ServerEnd) => unknown,
  origin: Origin = hostOrigin,
): () => void {
  /** The links by the names of their lines, each with what ends it. */
  const links = new Map<string, () => void>()
  const calls = origin.broadcast(name)
  calls.addEventListener("message", ({ data }: MessageEvent<Call>) => {
    const { line: id } = Object(data) as { readonly line?: unknown }
    if (typeof id === "string" && !links.has(id)) take(id)
  })
  calls.postMessage({ here: true } satisfies Call)

  function take(id: string): void {
    let message: (data: unknown) => void = () => {}
    let closed: () => void = () => {}
    const line = new Line(origin, `${name}/${id}`, "authority", "follower", {
      met() {},
      message: (data) => message(data),
      closed() {
        links.delete(id)
        closed()
      },
    })
    links.set(id, () => {
      line.finish()
      closed()
    })
    const end: ServerEnd = {
      send: (answer) => line.send(answer),
      receive(onMessage, onClosed) {
        message = onMessage
        closed = onClosed
      },
      close() {
        links.delete(id)
        line.finish()
      },
    }
    line.ready.then(() => {
      if (line.isOver) return
      accept(end)
      line.send()
      line.watch()
    }, end.close)
  }

  return () => {
    calls.close()
    for (const end of [...links.values()]) end()
    links.clear()
  }
}
