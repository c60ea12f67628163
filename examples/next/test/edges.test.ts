import type { Engine, Ingest } from "@tidemark/core/engine"
import { MemoryEngine } from "@tidemark/core/memory"
import { afterEach, describe, expect, it, vi } from "vitest"
import { isBlank } from "../atlas/kinds.ts"
import { toldStorage } from "../browser/told-storage.ts"
import { addressOf, urlOf } from "../demo/address.ts"
import { authorize } from "../server/authorize.ts"

afterEach(() => vi.useRealTimers())

describe("storage that tells", () => {
  it("is keeping from the first part of a state until the last is in", async () => {
    vi.useFakeTimers()
    const told: boolean[] = []
    const storage = { base: new MemoryEngine() as Engine, outbox: new MemoryEngine() }
    const { base } = toldStorage(storage, (isKeeping) => told.push(isKeeping))
    const part: Ingest = { epoch: "e", to: 1, changes: [] }
    await base.ingest({ ...part, reset: { rows: [] } })
    await base.ingest(part)
    expect(told).toEqual([true])
    vi.runAllTimers()
    expect(told).toEqual([true, false])
    await base.ingest(part) // A change alone is no news.
    vi.runAllTimers()
    expect(told).toEqual([true, false])
  })
})

describe("who may come in", () => {
  const asking = (cookie: string) => new Request("http://atlas.test/", { headers: { cookie } })

  it("is who has the cookie of the page, for what is shared", () => {
    const visitor = "4478f761-7da0-4f3c-a5d2-96c87a532193"
    expect(authorize(asking(`other=1; atlas-visitor=${visitor}`))).toEqual({
      principal: visitor,
      kinds: ["places", "marks"],
    })
    expect(authorize(asking("atlas-visitor=root"))).toBeUndefined()
    expect(authorize(new Request("http://atlas.test/"))).toBeUndefined()
  })
})

describe("the address", () => {
  it("comes from HOST and PORT, or is the usual one", () => {
    const of = (env: Record<string, string>) =>
      urlOf(addressOf(env as unknown as NodeJS.ProcessEnv))
    expect(of({})).toBe("http://127.0.0.1:3000")
    expect(of({ HOST: "::1", PORT: "8080" })).toBe("http://[::1]:8080")
    expect(() => of({ PORT: "70000" })).toThrow(/PORT is "70000"/)
  })
})

describe("a mark", () => {
  it("is blank when it says nothing", () => {
    expect(isBlank({ note: "", stars: 0, tags: [] })).toBe(true)
    expect(isBlank({ note: "", stars: 1, tags: [] })).toBe(false)
    expect(isBlank({ note: "", stars: 0, tags: ["a"] })).toBe(false)
  })
})
