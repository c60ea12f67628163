import { join } from "node:path"
import { StoreError } from "@tidemark/core"
import { openStore as openMemory } from "@tidemark/core/memory"
import { openStore } from "@tidemark/core/node-sqlite"
import { describe, expect, it, onTestFinished } from "vitest"
import { temporaryFolder } from "./folder.ts"

const folder = temporaryFolder()

describe("Z6 a watch that is to begin after what the store has", () => {
  it("Z6 ends with position_too_old, and misses nothing in silence", async () => {
    const store = openMemory()
    await store.set("u", "a", 1)
    const failed = Promise.withResolvers<unknown>()
    store.watch("u", { from: 500 }).subscribe({ error: failed.resolve })
    const error = await failed.promise
    expect(StoreError.is(error, "position_too_old") && error.details).toEqual({
      position: 500,
      head: 1,
    })
    await expect(store.watch("u", { from: 2 })[Symbol.asyncIterator]().next()).rejects.toThrow(
      /begin after 2, and the store is at 1/,
    )
    await store.close()
  })

  it("Z6 does so in a scope, too", async () => {
    const store = openMemory()
    await store.scope("s").set("u", "a", 1)
    const loop = store.scope("s").watch("u", { from: 9 })[Symbol.asyncIterator]()
    await expect(loop.next()).rejects.toThrow(/begin after 9/)
    await store.close()
  })

  it("Z6 with a replay over gaps begins anew with what is there, after a reset", async () => {
    const store = openMemory()
    await store.set("u", "a", 1)
    const told: string[] = []
    const watch = store.watch("u", { from: 500, onGap: "replay" })
    watch.subscribe({
      reset: () => told.push("reset"),
      next: ({ key, replay }) => told.push(`${key} ${replay}`),
    })
    await watch.synced
    await store.set("u", "b", 2)
    await store.close()
    expect(told).toEqual(["reset", "a true", "b undefined"])
  })

  it("Z6 waits where others have stored what this process was not told yet", async () => {
    const path = join(folder, "app.db")
    const one = openStore({ path })
    const other = openStore({ path, pollInterval: false })
    onTestFinished(() => Promise.all([one.close(), other.close()]).then(() => {}))
    const { seq } = await one.set("u", "a", 1)
    const loop = other.watch("u", { from: seq })[Symbol.asyncIterator]()
    const next = loop.next()
    await other.set("u", "b", 2)
    expect((await next).value?.key).toBe("b")
  })
})
