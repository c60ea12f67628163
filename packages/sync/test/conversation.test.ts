import { defineKinds, kind } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { type Channel, connect, serve } from "@tidemark/sync"
import { inProcessChannel } from "@tidemark/sync/in-process"
import { expect, it, vi } from "vitest"
import { difference } from "../src/difference.ts"
import type { ServerMessage } from "../src/message.ts"

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
