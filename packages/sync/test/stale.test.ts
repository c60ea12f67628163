import { openStore } from "@tidemark/core/memory"
import { type Channel, type ClientMessage, connect, type ServerMessage } from "@tidemark/sync"
import { expect, it, vi } from "vitest"
import { inProcess } from "./channels.ts"

it("C6 a snapshot that was held up on the way makes a replica ask again, as the same client", async () => {
  const { authority, replica, tap } = await opened()
  const old = tap.heard.find(({ type }) => type === "snapshot") as ServerMessage
  await replica.set("u", "a", 1)
  tap.tell(old)
  await replica.set("u", "b", 2)
  await vi.waitFor(() => expect(tap.hellos()).toBe(2))
  expect(await authority.list("u")).toHaveLength(2)
  expect(tap.clients().size).toBe(1)
  expect((await authority.entry("u", "b"))?.version).toBe(1)
  await replica.close()
  await authority.close()
})

it("C6 a number that was missed, and came meanwhile, is not taken for a lost outbox", async () => {
  const { authority, replica, tap } = await opened()
  await replica.set("u", "a", 1)
  const pending = replica.set("u", "b", 2)
  tap.tell({ type: "expected", mutation: 1 })
  await pending
  await replica.set("u", "c", 3)
  expect(tap.clients().size).toBe(1)
  expect((await authority.entry("u", "b"))?.version).toBe(1)
  await replica.close()
  await authority.close()
})

it("C6 a sign of life that tells of more than has come makes a replica ask again", async () => {
  const { authority, replica, tap } = await opened()
  tap.deaf = true
  await authority.set("u", "lost", 1)
  tap.deaf = false
  tap.tell({ type: "alive", to: authority.position })
  await vi.waitFor(async () => expect(await replica.get("u", "lost")).toBe(1))
  expect(tap.hellos()).toBe(2)
  await replica.close()
  await authority.close()
})

it("C6 a sign of life from a sequence of which nothing has come makes a replica ask again, also at 0", async () => {
  const authority = openStore()
  const served = inProcess(authority, { authorization: { principal: "test" } })
  const tap = new Tap()
  tap.losesStates = true
  const replica = connect(tap.on(served.channel))
  await vi.waitFor(() => expect(tap.heard.some(({ type }) => type === "snapshot")).toBe(true))
  tap.losesStates = false
  tap.tell({ type: "alive", to: 0 })
  await vi.waitFor(() => expect(replica.epoch).toBe(authority.epoch))
  expect(tap.hellos()).toBe(2)
  await replica.close()
  await authority.close()
})

async function opened() {
  const authority = openStore()
  const served = inProcess(authority, { authorization: { principal: "test" } })
  const tap = new Tap()
  const replica = connect(tap.on(served.channel))
  await replica.list("u")
  await vi.waitFor(() => expect(replica.status.get().connection).toBe("live"))
  return { authority, replica, tap }
}

/** Hears what goes through a channel, and speaks for the authority. */
class Tap {
  readonly heard: ServerMessage[] = []
  readonly said: ClientMessage[] = []
  tell: (message: ServerMessage) => void = () => {}
  /** Whether what the authority says is lost. */
  deaf = false
  /** Whether states and changes are lost, and nothing else. */
  losesStates = false

  on(channel: Channel): Channel {
    return {
      open: (receiver) => {
        this.tell = (message) => receiver.message(message)
        const link = channel.open({
          message: (message) => {
            this.heard.push(message)
            const isState = message.type === "snapshot" || message.type === "changes"
            if (!this.deaf && !(isState && this.losesStates)) receiver.message(message)
          },
          closed: (reason) => receiver.closed(reason),
        })
        return {
          send: (message) => {
            this.said.push(message)
            link.send(message)
          },
          close: () => link.close(),
        }
      },
    }
  }

  hellos(): number {
    return this.said.filter(({ type }) => type === "hello").length
  }

  clients(): ReadonlySet<string> {
    return new Set(this.said.flatMap((message) => ("client" in message ? [message.client] : [])))
  }
}
