import { join } from "node:path"
import type { Store } from "@tidemark/core"
import { openStore as openFile } from "@tidemark/core/better-sqlite3"
import { openStore } from "@tidemark/core/memory"
import { afterEach, expect, it, vi } from "vitest"
import { temporaryFolder } from "./folder.ts"

const folder = temporaryFolder()

afterEach(() => void vi.restoreAllMocks())

function onError(): never {
  throw new Error("nobody may report")
}

function listening(store: Store): void {
  store.live("u", "a").subscribe(() => {
    throw new Error("a listener fails")
  })
}

it("G8 an onError that throws loses no change, no write and no reader", async () => {
  const told = vi.spyOn(console, "error").mockImplementation(() => {})
  const store = openStore({ onError })
  const seen: unknown[] = []
  store.watch("u").subscribe(({ value }) => seen.push(value))
  listening(store)
  for (const n of [1, 2, 3]) await store.set("u", "a", n)
  expect(seen).toEqual([1, 2, 3])
  expect((await store.changes({ after: 0 })).map(({ value }) => value)).toEqual([1, 2, 3])
  expect(told).toHaveBeenCalledWith(expect.objectContaining({ message: "a listener fails" }))
  await store.close()
})

it("Z14 an onError that throws does not end following other processes", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {})
  const path = join(folder, "followed.db")
  const [store, other] = [openFile({ path, onError }), openFile({ path })]
  listening(store)
  for (const n of [1, 2]) {
    await other.set("u", "a", n)
    await vi.waitFor(() => expect(store.position).toBe(n))
  }
  await store.close()
  await other.close()
})
