import type { Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { connect, serve } from "@tidemark/sync"
import { afterEach, beforeEach, expect, it } from "vitest"
import { turn } from "../../core/test/turn.ts"

let store: Store
beforeEach(() => {
  store = openStore()
})
afterEach(() => store.close())

/** A conversation in which somebody writes 1, 2 and 3, and then 4. */
function writing() {
  const told: unknown[] = []
  let receive: (data: unknown) => void = () => {}
  const end = {
    send: (message: unknown) => told.push(message),
    receive(message: (data: unknown) => void) {
      receive = message
    },
    close() {},
  }
  const stop = serve(store, end, { authorization: { principal: "me" } })
  const client = "c".repeat(32)
  const message = (...mutations: number[]) => ({
    type: "mutate",
    answered: 0,
    since: Date.now(),
    kept: true,
    client,
    epoch: store.epoch,
    mutations: mutations.map((mutation) => ({
      mutation,
      ops: [{ type: "set", kind: "u", key: `${mutation}`, value: mutation }],
    })),
  })
  const write = () => {
    receive(message(1, 2, 3))
    receive(message(4))
  }
  return { write, stop, told }
}

async function settle(): Promise<void> {
  for (let turns = 0; turns < 20; turns++) await turn()
}

it("C6 writes nothing for a conversation that was ended before its turn", async () => {
  const { write, stop, told } = writing()
  write()
  stop()
  await settle()
  expect(await store.keys("u")).toEqual([])
  expect(told).toEqual([])
})

it("C6 writes no more for a conversation that is ended amid its writes than was under way", async () => {
  const { write, stop, told } = writing()
  const commit = store.commit.bind(store)
  store.commit = async (batch) => {
    const result = await commit(batch)
    if (batch.ops.some(({ key }) => key === "2")) stop()
    return result
  }
  write()
  await settle()
  expect(await store.keys("u")).toEqual(["1", "2", "3"])
  expect(told).toEqual([])
})

it("C6 a replica that is closed before its first state reports nothing of what it was to show", async () => {
  const errors: unknown[] = []
  const nobody = { open: () => ({ send() {}, close() {} }) }
  const replica = connect(nobody, { onError: (error) => errors.push(error) })
  const shown = [replica.live("u", "a"), replica.liveList("u")]
  for (const live of shown) live.subscribe(() => {})
  await replica.close()
  await settle()
  expect(shown.map(({ status }) => status)).toEqual(["closed", "closed"])
  expect(errors).toEqual([])
})
