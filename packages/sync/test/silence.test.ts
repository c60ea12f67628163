import { openStore } from "@tidemark/core/memory"
import { TestClock } from "@tidemark/core/testing"
import { type Channel, connect, type ServeOptions, type ServerMessage } from "@tidemark/sync"
import { channelContract, hostileChannel } from "@tidemark/sync/testing"
import { describe, expect, it } from "vitest"
import { inProcess, overPorts } from "./channels.ts"

const ways = { "the same process": inProcess, "a MessagePort": overPorts }

describe.each(Object.entries(ways))("C6 over %s", (_, serve) => {
  it("a replica notices an authority that has died without a word, and finds the next one", async () => {
    const { authority, served, replica, clock, wall } = open(serve)
    await clock.until(() => replica.status.get().connection === "live")
    wall.isUp = true
    await clock.until(() => replica.status.get().connection !== "live", 500)
    wall.isUp = false
    await authority.set("u", "a", 1)
    await clock.until(() => replica.peek("u", "a") === 1)
    await replica.close()
    await served.close()
    await authority.close()
  })

  it("a hello without a welcome is given up at its deadline, and said again", async () => {
    const { authority, served, replica, clock, wall } = open(serve)
    wall.isUp = true
    const begun = clock.now()
    await clock.until(() => replica.status.get().connection === "offline", 100)
    expect(clock.now() - begun).toBeGreaterThanOrEqual(DEADLINE)
    expect(clock.now() - begun).toBeLessThan(2 * DEADLINE)
    wall.isUp = false
    await clock.until(() => replica.status.get().connection === "live")
    await replica.close()
    await served.close()
    await authority.close()
  })

  it("a write without an answer is given up at its deadline, and sent again", async () => {
    // Nobody shows life here before the deadline has passed.
    const { authority, served, replica, clock, wall } = open(serve, { heartbeat: 10 * DEADLINE })
    await clock.until(() => replica.status.get().connection === "live")
    wall.isUp = true
    let written = false
    replica.set("u", "a", 1).then(() => {
      written = true
    })
    await clock.until(() => replica.status.get().connection === "offline", 100)
    wall.isUp = false
    await clock.until(() => written)
    expect((await authority.entry("u", "a"))?.version).toBe(1)
    await replica.close()
    await served.close()
    await authority.close()
  })

  it("a write whose answer is lost is sent again at its deadline, though later ones are answered", async () => {
    const { authority, served, replica, clock, wall } = open(serve)
    await clock.until(() => replica.status.get().connection === "live")
    wall.hides = "ack"
    let written = false
    replica.set("u", "a", 1).then(() => {
      written = true
    })
    await clock.until(() => replica.status.get().pending === 0)
    wall.hides = undefined
    await replica.set("u", "b", 1)
    expect(written).toBe(false)
    const end = clock.now() + LONG
    await clock.until(() => written || clock.now() > end)
    expect(written).toBe(true)
    expect((await authority.entry("u", "a"))?.version).toBe(1)
    await replica.close()
    await served.close()
    await authority.close()
  })

  it("an authority lets go of a follower that has died without a word", async () => {
    const { authority, served, replica, clock, wall } = open(serve)
    await clock.until(() => replica.status.get().connection === "live")
    expect(served.links()).toBe(1)
    wall.isUp = true
    await clock.until(() => served.links() === 0, 500)
    await replica.close()
    await authority.close()
  })

  it("both sides stay on a link on which there is always something to tell", async () => {
    const { authority, served, replica, clock } = open(serve)
    await clock.until(() => replica.status.get().connection === "live")
    const states = new Set<string>()
    replica.status.subscribe(() => states.add(replica.status.get().connection))
    for (let n = 0; n < 100; n++) {
      await authority.set("u", "a", n)
      await clock.pass(HEARTBEAT / 5)
      await clock.until(() => replica.peek("u", "a") === n, 1)
    }
    expect([...states]).toEqual([])
    expect(served.links()).toBe(1)
    await replica.close()
    await served.close()
    await authority.close()
  })

  it("both sides stay on a link on which nothing happens", async () => {
    const { authority, served, replica, clock } = open(serve)
    const states = new Set<string>()
    await clock.until(() => replica.status.get().connection === "live")
    replica.status.subscribe(() => states.add(replica.status.get().connection))
    const begun = clock.now()
    await clock.until(() => clock.now() - begun > 100 * HEARTBEAT, HEARTBEAT / 20)
    expect([...states]).toEqual([])
    expect(served.links()).toBe(1)
    await replica.close()
    await served.close()
    await authority.close()
  })
})

describe("the channel contract", () => {
  it.each([
    ["doubles what is told", "C6 tells changes in their order, each once", { double: 0.2 }],
    ["doubles what is answered", "C6 takes writes in their order, each once", { double: 0.2 }],
    ["reorders", "C6 tells changes in their order, each once", { reorder: 0.3, delay: 5 }],
  ])("is not kept by a channel that %s", async (_, sentence, faults) => {
    const broken = channelContract.find(({ name }) => name === sentence)
    const kept = broken?.run((authority, options) => {
      const served = inProcess(authority, options)
      return { ...served, channel: hostileChannel(served.channel, { ...faults, seed: 3 }) }
    })
    await expect(kept).rejects.toThrow(/: expected \[/)
  })
})

const DEADLINE = 5_000
const HEARTBEAT = 2_000
/** By then everything has been given up that will be. */
const LONG = 20 * DEADLINE

function open(serve: typeof inProcess, options: Omit<Partial<ServeOptions>, "authorization"> = {}) {
  const clock = new TestClock()
  const authority = openStore({ clock })
  const authorization = { principal: "test" }
  const served = serve(authority, { authorization, clock, heartbeat: HEARTBEAT, ...options })
  const wall: Wall = { isUp: false, hides: undefined }
  const replica = connect(behind(wall, served.channel), {
    clock,
    random: () => 0.5,
    deadline: DEADLINE,
  })
  return { authority, served, replica, clock, wall }
}

interface Wall {
  isUp: boolean
  /** Messages that do not come through, whether it is up or not. */
  hides: ServerMessage["type"] | undefined
}

/** A channel through which nothing comes, and no end is told, while the wall is up. */
function behind(wall: Readonly<Wall>, channel: Channel): Channel {
  return {
    open(receiver) {
      const link = channel.open({
        message: (message) => {
          if (!wall.isUp && message.type !== wall.hides) receiver.message(message)
        },
        closed: (reason) => {
          if (!wall.isUp) receiver.closed(reason)
        },
      })
      return {
        send: (message) => {
          if (!wall.isUp) link.send(message)
        },
        close: () => {
          if (!wall.isUp) link.close()
        },
      }
    },
  }
}
