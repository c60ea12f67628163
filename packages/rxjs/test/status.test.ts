import { openStore } from "@tidemark/core/memory"
import { status$ } from "@tidemark/rxjs"
import { map } from "rxjs"
import { expect, it, vi } from "vitest"

it("C2 status$ tells the status now and when it changes, and completes when the store closes", async () => {
  const store = openStore()
  const seen: unknown[] = []
  const complete = vi.fn()
  status$(store)
    .pipe(map(({ engine, pending }) => [engine, pending]))
    .subscribe({ next: (status) => seen.push(status), complete })
  expect(seen).toEqual([["memory", 0]])
  const written = store.set("users", "alice", 1)
  expect(seen).toEqual([
    ["memory", 0],
    ["memory", 1],
  ])
  await written
  expect(seen).toEqual([
    ["memory", 0],
    ["memory", 1],
    ["memory", 0],
  ])
  await store.close()
  expect(complete).toHaveBeenCalledOnce()
})
