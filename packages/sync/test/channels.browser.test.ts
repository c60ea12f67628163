import type { Store } from "@tidemark/core"
import { type ClientMessage, type ServerEnd, serve } from "@tidemark/sync"
import { acceptBroadcast, broadcastChannel } from "@tidemark/sync/broadcast-channel"
import { messagePortChannel, messagePortEnd } from "@tidemark/sync/message-port"
import { channelContract, type ServedChannel, type ServeOver } from "@tidemark/sync/testing"
import { describe, it } from "vitest"

const channels: Readonly<Record<string, ServeOver>> = {
  "a BroadcastChannel": overBroadcasts,
  "a MessagePort": overPorts,
}

describe.each(Object.entries(channels))("the channel contract in Chromium, over %s", (_, over) => {
  for (const { name, run } of channelContract) it(name, () => run(over))
})

function overBroadcasts(authority: Store, options: Parameters<ServeOver>[1]): ServedChannel {
  const open = new Map<ServerEnd, () => void>()
  const name = crypto.randomUUID()
  const stop = acceptBroadcast(name, (end) => {
    open.set(end, serve(authority, end, { ...options, onEnd: () => open.delete(end) }))
  })
  const channel = broadcastChannel(name)
  return {
    channel,
    links: () => open.size,
    cut: () => {
      for (const end of [...open.values()]) end()
    },
    inject: (data) => channel.open({ message() {}, closed() {} }).send(data as ClientMessage),
    close: stop,
  }
}

function overPorts(authority: Store, options: Parameters<ServeOver>[1]): ServedChannel {
  const open = new Map<MessagePort, () => void>()
  const cut = () => {
    for (const end of [...open.values()]) end()
  }
  const connect = () => {
    const { port1, port2 } = new MessageChannel()
    const onEnd = () => open.delete(port1)
    open.set(port1, serve(authority, messagePortEnd(port1), { ...options, onEnd }))
    return port2
  }
  return {
    channel: messagePortChannel(connect),
    links: () => open.size,
    cut,
    inject: (data) => connect().postMessage(data),
    close: cut,
  }
}
