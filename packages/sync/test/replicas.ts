import type { Store, StoreOptions } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { type Channel, type ConnectOptions, connect } from "@tidemark/sync"
import { httpChannel } from "@tidemark/sync/http-client"
import { createHandler } from "@tidemark/sync/http-handler"
import { listen } from "@tidemark/sync/node"
import { inProcess, overPorts } from "./channels.ts"

/** A way to an authority, and its end. */
export interface Way {
  readonly channel: Channel
  /** Cuts what is open; the channel may be opened again. */
  cut(): Promise<void>
  close(): Promise<void>
}

/** How channels are made for the tests: each serves a store. */
export const ways: Readonly<Record<string, (authority: Store) => Promise<Way>>> = {
  "the same process": inProcessWay,
  "a MessagePort": portWay,
  HTTP: httpWay,
}

export async function portWay(authority: Store): Promise<Way> {
  const served = overPorts(authority, { authorization: { principal: "test" } })
  const cut = async () => served.cut()
  return { channel: served.channel, cut, close: cut }
}

async function inProcessWay(authority: Store): Promise<Way> {
  const served = inProcess(authority, { authorization: { principal: "test" } })
  const cut = async () => served.cut()
  return { channel: served.channel, cut, close: cut }
}

async function httpWay(authority: Store): Promise<Way> {
  const handler = createHandler(authority, {
    authorize: () => ({ principal: "test" }),
    prototypeNames: true,
  })
  // Not the handler itself, which would end with its server.
  const answer = (request: Request) => handler(request)
  let server = await listen(answer)
  const port = Number(new URL(server.url).port)
  const reopen = async () => {
    await server.close()
    server = await listen(answer, { port })
  }
  return { channel: httpChannel(server.url), cut: reopen, close: () => server.close() }
}

/** A replica and its authority; closing the replica closes both. */
export async function openReplica(
  way: (authority: Store) => Promise<Way>,
  options: StoreOptions & Pick<ConnectOptions, "storage" | "follow"> = {},
): Promise<{ readonly authority: Store; readonly replica: Store; readonly way: Way }> {
  const { storage: _storage, follow: _follow, ...both } = options
  const authority = openStore(both)
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
