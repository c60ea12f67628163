import type { Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { StoreProvider, useKey, useSet } from "@tidemark/react"
import { type Channel, connect, serve } from "@tidemark/sync"
import { httpChannel } from "@tidemark/sync/http-client"
import { inProcessChannel } from "@tidemark/sync/in-process"
import { StrictMode } from "react"
import { createRoot } from "react-dom/client"

declare global {
  interface Window {
    readonly typing: {
      /** The text that the authority has, as far as it is known here, when everything has arrived there. */
      arrived(): Promise<unknown>
    }
  }
}

/** How long a message of the slow channel takes, in milliseconds: several letters. */
const SLOW = 40

const authority = openStore()
const stores: Readonly<Record<string, () => Store>> = {
  local: () => authority,
  slow: () => {
    const channel = inProcessChannel((end) =>
      serve(authority, end, { authorization: { principal: "page" } }),
    )
    return connect(slowly(channel))
  },
  http: () => connect(httpChannel("/api/sync")),
}
const opened = stores[location.hash.slice(1)]?.()
if (opened === undefined) throw new Error(`No such store: ${location.hash}`)
const store = opened

Object.assign(window, {
  typing: {
    async arrived() {
      while (store.status.get().pending > 0) await nextStatus(store)
      return (location.hash === "#http" ? store : authority).get("texts", "one")
    },
  },
})

function Text() {
  const text = useKey("texts", "one", { initial: "" })
  const setText = useSet("texts")
  return <input value={String(text)} onChange={({ target }) => void setText("one", target.value)} />
}

const root = document.querySelector("main")
if (root === null) throw new Error("The page has no place for the input")
createRoot(root).render(
  <StrictMode>
    <StoreProvider store={store}>
      <Text />
    </StoreProvider>
  </StrictMode>,
)

function nextStatus({ status }: Store): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const stop = status.subscribe(resolve)
  return promise.finally(stop)
}

/** Each message takes its time, both ways, in order. */
function slowly(channel: Channel): Channel {
  const later = (deliver: () => void) => setTimeout(deliver, SLOW)
  return {
    open(receiver) {
      const link = channel.open({
        message: (message) => later(() => receiver.message(message)),
        closed: (reason) => later(() => receiver.closed(reason)),
      })
      return {
        send: (message) => later(() => link.send(message)),
        close: () => link.close(),
      }
    },
  }
}
