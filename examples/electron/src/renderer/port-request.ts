import { PORT, type PortMessage } from "../shared/channels.ts"
import { isOwnMessage, type PageWindow } from "./page-window.ts"

/** How long to wait for a port before asking again, in milliseconds. */
const PATIENCE = 5_000

/** Asks main for a port to the store. Rejects when none comes: main does not answer strangers. */
export function requestPort(window: PageWindow): Promise<MessagePort> {
  const { tidemark } = window
  if (tidemark === undefined) return Promise.reject(new Error("This page is not a window of Notes"))
  return new Promise((resolve, reject) => {
    const take = (event: MessageEvent<Partial<PortMessage> | null>) => {
      const port = event.ports[0]
      if (!isOwnMessage(window, event) || event.data?.type !== PORT) return
      if (event.data.request !== request || port === undefined) return
      end()
      resolve(port)
    }
    const timer = setTimeout(() => {
      end()
      reject(new Error("Main has not sent a port"))
    }, PATIENCE)
    const end = () => {
      clearTimeout(timer)
      window.removeEventListener("message", take)
    }
    window.addEventListener("message", take)
    // The port comes in a message of its own, after this call has returned.
    const request = tidemark.connect()
  })
}
