import { defineKinds, kind } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { TestClock } from "@tidemark/core/testing"
import { type Channel, connect, serve } from "@tidemark/sync"
import { inProcessChannel } from "@tidemark/sync/in-process"
import { expect, it, vi } from "vitest"
import { difference } from "../src/difference.ts"
import type { ServerMessage } from "../src/message.ts"
import { inProcess } from "./channels.ts"

const settings = { kinds: defineKinds({ u: kind() }) }

/** An authority, and a channel to it that first does something else. */
async function reached(first: Channel["open"]) {
  const authority = openStore()
  await authority.set("u", "a", 1)
  const good = inProcessChannel((end) =>
    serve(authority, end, { authorization: { principal: "me" } }),
  )
  let opened = 0
  const channel: Channel = {
    open: (receiver) => (opened++ === 0 ? first(receiver) : good.open(receiver)),
  }
  return { authority, channel }
}

const nothing = { send() {}, close() {} }

it("C6 a channel that ends, or throws, while it is opened is tried again", async () => {
  const ends: Channel["open"][] = [
    (receiver) => {
      receiver.closed("nobody is there")
      return nothing
    },
    () => {
      throw new Error("no such address")
    },
  ]
  for (const end of ends) {
    const { authority, channel } = await reached(end)
    const replica = connect(channel, { ...settings, onError: () => {} })
    await vi.waitFor(async () => expect(await replica.get("u", "a")).toBe(1))
    await replica.close()
    await authority.close()
  }
})

it("C6 a channel that throws when something is said, or when it is closed, costs no write and is tried again", async () => {
  for (const broken of ["hello", "mutate", "alive", "ask", "close"]) {
    const clock = new TestClock()
    const authority = openStore({ clock })
    const served = await inProcess(authority, { authorization: { principal: "me" }, clock })
    let opened = 0
    let hasThrown = false
    const channel: Channel = {
      open(receiver) {
        opened++
        const link = served.channel.open(receiver)
        const attempt = (what: string, act: () => void) => {
          act()
          if (what !== broken || hasThrown) return
          hasThrown = true
          throw new Error("The channel is broken")
        }
        return {
          send: (message) => attempt(message.type, () => link.send(message)),
          close: () => attempt("close", () => link.close()),
        }
      },
    }
    const errors: unknown[] = []
    const replica = connect(channel, {
      clock,
      random: () => 0.5,
      follow: ["u", { kind: "v", hold: false }],
      onError: (error) => errors.push(error),
    })
    const found: unknown[] = []
    replica.set("u", "a", 1).then(() => found.push(1))
    replica.count("v").then((count) => found.push(count))
    await clock.until(() => found.length === 2)
    await clock.pass(20_000) // A sign of life is answered.
    if (broken === "close") {
      served.cut()
      await clock.pass(1_000)
    }
    expect([broken, opened, errors]).toMatchObject([
      broken,
      2,
      [{ message: "The channel is broken" }],
    ])
    expect((await authority.entry("u", "a"))?.version).toBe(1)
    await replica.set("u", "b", 1)
    await replica.close()
    await served.close()
    await authority.close()
    expect(clock.timers).toBe(0)
  }
})

it("C6 what an authority says and cannot be read is reported, and the link opened anew", async () => {
  const bad = [null, 7, { type: "snapshot" }, { type: "reject", mutation: 1 }, { type: "changes" }]
  for (const message of bad) {
    const { authority, channel } = await reached((receiver) => {
      queueMicrotask(() => receiver.message(message as unknown as ServerMessage))
      return nothing
    })
    const errors: unknown[] = []
    const replica = connect(channel, {
      ...settings,
      deadline: 50,
      onError: (error) => errors.push(error),
    })
    await vi.waitFor(async () => expect(await replica.get("u", "a")).toBe(1))
    if (message === null) expect(errors).toMatchObject([{ code: "protocol_mismatch" }])
    await replica.close()
    await authority.close()
  }
})

it("C6 what a replaced state has changed is told in the order of the sequence", () => {
  const row = (key: string, seq: number, value = seq) => ({
    kind: "u",
    key,
    value,
    version: seq,
    seq,
    updatedAt: 0,
  })
  const changes = difference([row("a", 1), row("gone", 2)], [row("b", 9), row("a", 3)], 12)
  expect(changes.map(({ key, seq }) => [key, seq])).toEqual([
    ["a", 3],
    ["b", 9],
    ["gone", 12],
  ])
})
