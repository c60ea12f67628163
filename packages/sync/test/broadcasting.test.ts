import { Worker } from "node:worker_threads"
import { openStore } from "@tidemark/core/memory"
import { connect, serve } from "@tidemark/sync"
import { acceptBroadcast, broadcastChannel } from "@tidemark/sync/broadcast-channel"
import { expect, it, onTestFinished, vi } from "vitest"

let names = 0
const newName = () => `broadcasting-${++names}`
const authorization = { principal: "tabs" }

function authority(name: string, store = openStore()) {
  const stop = acceptBroadcast(name, (end) => serve(store, end, { authorization }))
  onTestFinished(() => {
    stop()
    return store.close()
  })
  return { store, stop }
}

function replica(name: string) {
  const store = connect(broadcastChannel(name), { random: () => 0 })
  onTestFinished(() => store.close())
  return store
}

it("C6 a follower that was there first waits for its authority", async () => {
  const name = newName()
  const follower = replica(name)
  const written = follower.set("u", "a", 1)
  await new Promise((resolve) => setImmediate(resolve))
  const { store } = authority(name)
  await written
  expect(await store.get("u", "a")).toBe(1)
})

it("C6 many followers of one name share one store, and none hears what is meant for another", async () => {
  const name = newName()
  const { store } = authority(name)
  const followers = Array.from({ length: 10 }, () => replica(name))
  await Promise.all(followers.map((follower, n) => follower.set("u", `k${n}`, n)))
  for (const follower of followers) {
    await vi.waitFor(async () => expect(await follower.count("u")).toBe(10))
  }
  expect(store.position).toBe(20) // Each write, and its number.
})

it("C6 followers go over to the next authority when the last one ends, and send what it had not answered", async () => {
  const name = newName()
  const first = authority(name)
  const follower = replica(name)
  await follower.set("u", "a", 1)
  first.stop()
  const written = follower.set("u", "b", 2)
  acceptBroadcast(name, (end) => serve(first.store, end, { authorization }))
  await written
  expect(await first.store.get("u", "b")).toBe(2)
})

it("C6 withstands whatever else is posted under its name", async () => {
  const name = newName()
  const { store } = authority(name)
  const stranger = new BroadcastChannel(name)
  onTestFinished(() => stranger.close())
  for (const data of [
    null,
    1,
    "x",
    {},
    { type: "tidemark:open" },
    { type: "tidemark:open", link: 1 },
    { type: "tidemark:open", link: "../x" },
    { type: "tidemark:here" },
  ]) {
    stranger.postMessage(data)
  }
  const follower = replica(name)
  await follower.set("u", "a", 1)
  expect(await store.get("u", "a")).toBe(1)
})

it("C6 reaches a store in another thread", async () => {
  const name = newName()
  const { store } = authority(name)
  const built = (file: string) => JSON.stringify(new URL(`../dist/${file}`, import.meta.url))
  const script = `(async () => {
    const { connect } = await import(${built("index.js")})
    const { broadcastChannel } = await import(${built("broadcast-channel.js")})
    const store = connect(broadcastChannel(${JSON.stringify(name)}))
    await store.set("u", "from", "a worker")
    await store.close()
  })()`
  const worker = new Worker(script, { eval: true })
  onTestFinished(() => void worker.terminate())
  await new Promise((resolve, reject) => worker.once("exit", resolve).once("error", reject))
  expect(await store.get("u", "from")).toBe("a worker")
})
