import { MessageChannel } from "node:worker_threads"
import type { Store, StoreOptions } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { type Channel, type ConnectOptions, connect, serve } from "@tidemark/sync"
import { httpChannel } from "@tidemark/sync/http-client"
import { createHandler } from "@tidemark/sync/http-handler"
import { messagePortChannel, messagePortEnd, type Port } from "@tidemark/sync/message-port"
import { listen } from "@tidemark/sync/node"

/** A way to an authority, and its end. */
export interface Way {
  readonly channel: Channel
  /** Cuts what is open; the channel may be opened again. */
  cut(): Promise<void>
  close(): Promise<void>
}

/** How channels are made for the tests: each serves a store. */
export const ways: Readonly<Record<string, (authority: Store) => Promise<Way>>> = {
  "a MessagePort": portWay,
  HTTP: httpWay,
}

export async function portWay(authority: Store): Promise<Way> {
  const stops = new Set<() => void>()
  const cut = async () => {
    for (const stop of stops) stop()
    stops.clear()
  }
  const channel = messagePortChannel(() => {
    const { port1, port2 } = new MessageChannel()
    stops.add(
      serve(authority, messagePortEnd(port1 as unknown as Port), {
        authorization: { principal: "test" },
      }),
    )
    return port2 as unknown as Port
  })
  return { channel, cut, close: cut }
}

async function httpWay(authority: Store): Promise<Way> {
  const handler = createHandler(authority, { authorize: () => ({ principal: "test" }) })
  let server = await listen(handler)
  const port = Number(new URL(server.url).port)
  const reopen = async () => {
    await server.close()
    server = await listen(handler, { port })
  }
  return { channel: httpChannel(server.url), cut: reopen, close: () => server.close() }
}

/** A replica and its authority; closing the replica closes both. */
export async function openReplica(
  way: (authority: Store) => Promise<Way>,
  options: StoreOptions & Pick<ConnectOptions, "storage" | "follow"> = {},
): Promise<{ readonly authority: Store; readonly replica: Store; readonly way: Way }> {
  const authority = openStore(options)
  const opened = await way(authority)
  const replica = connect(opened.channel, options)
  const close = replica.close.bind(replica)
  let closing: Promise<void> | undefined
  replica.close = () => {
    closing ??= close().then(async () => {
      await opened.close()
      await authority.close()
    })
    return closing
  }
  return { authority, replica, way: opened }
}
