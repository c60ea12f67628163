import type { Channel, ClientMessage, LinkReceiver, ServerMessage } from "@tidemark/sync"
import { describe, expect, it } from "vitest"
import { TabChannel } from "../src/tab-channel.ts"

const HELLO = { type: "alive" } as ClientMessage
const WELCOME = { type: "alive", to: null } as ServerMessage

describe("C6 where the links of a tab lead", () => {
  it("a link that nobody has answered takes the own way, and carries there what it was given", () => {
    const { channel, shared, own } = ways()
    const link = listenTo(channel)
    link.send(HELLO)
    expect(shared.links).toMatchObject([{ sent: [HELLO], isOpen: true }])

    channel.await()
    expect(shared.links).toMatchObject([{ isOpen: false }])
    channel.lead(own.channel)
    expect(own.links).toMatchObject([{ sent: [HELLO], isOpen: true }])
    own.links[0]?.receiver.message(WELCOME)
    link.send(HELLO)
    expect(link.heard).toEqual([WELCOME])
    expect(own.links).toMatchObject([{ sent: [HELLO, HELLO] }])
    expect(link.ends).toBe(0)
  })

  it("a link that was answered is cut when the store is somewhere else, whichever way", () => {
    const { channel, shared, own } = ways()
    const first = listenTo(channel)
    shared.links[0]?.receiver.message(WELCOME)
    channel.await()
    expect(first.ends).toBe(1)
    expect(shared.links).toMatchObject([{ isOpen: false }])

    channel.lead(own.channel)
    const second = listenTo(channel)
    own.links[0]?.receiver.message(WELCOME)
    channel.follow()
    expect([first.ends, second.ends]).toEqual([1, 1])
    expect(own.links).toMatchObject([{ isOpen: false }])
  })

  it("a way that was left is heard of no more, and its end ends nothing", () => {
    const { channel, shared, own } = ways()
    const link = listenTo(channel)
    channel.lead(own.channel)
    shared.links[0]?.receiver.message(WELCOME)
    shared.links[0]?.receiver.closed("too late")
    expect([link.heard, link.ends]).toEqual([[], 0])

    own.links[0]?.receiver.closed("the worker has ended")
    own.links[0]?.receiver.closed("the worker has ended")
    expect(link.ends).toBe(1)
  })

  it("a page that is stopped holds no link, and goes on by the way that is then the right one", () => {
    const { channel, shared, own } = ways()
    channel.lead(own.channel)
    const answered = listenTo(channel)
    own.links[0]?.receiver.message(WELCOME)
    channel.pause()
    expect(answered.ends).toBe(1)

    const waiting = listenTo(channel)
    waiting.send(HELLO)
    channel.follow()
    expect(shared.links).toEqual([])
    channel.resume()
    expect(shared.links).toMatchObject([{ sent: [HELLO], isOpen: true }])
    expect(waiting.ends).toBe(0)
  })

  it("a link that its opener has closed stays closed, and one that ends at once is told once", () => {
    const { channel, shared, own } = ways()
    const link = listenTo(channel)
    link.close()
    channel.lead(own.channel)
    expect(shared.links).toMatchObject([{ isOpen: false }])
    expect([own.links.length, link.ends]).toEqual([0, 0])

    channel.lead({
      open(receiver) {
        receiver.closed("nobody")
        return own.channel.open(receiver)
      },
    })
    expect(listenTo(channel).ends).toBe(1)
    expect(own.links).toMatchObject([{ isOpen: false }])
  })
})

function ways() {
  const [shared, own] = [way(), way()]
  return { channel: new TabChannel(shared.channel), shared, own }
}

/** A channel to nobody, that notes its links. */
function way() {
  const links: { receiver: LinkReceiver; sent: ClientMessage[]; isOpen: boolean }[] = []
  const channel: Channel = {
    open(receiver) {
      const link = { receiver, sent: [] as ClientMessage[], isOpen: true }
      links.push(link)
      return {
        send: (message) => void link.sent.push(message),
        close: () => {
          link.isOpen = false
        },
      }
    },
  }
  return { channel, links }
}

/** A link, with what its opener hears. */
function listenTo(channel: Channel) {
  const told = { heard: [] as ServerMessage[], ends: 0 }
  const link = channel.open({
    message: (message) => void told.heard.push(message),
    closed: () => {
      told.ends++
    },
  })
  return Object.assign(told, {
    send: (message: ClientMessage) => link.send(message),
    close: () => link.close(),
  })
}
