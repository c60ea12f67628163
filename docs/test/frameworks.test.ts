import { readFileSync } from "node:fs"
import {
  createEnvironmentInjector,
  type EnvironmentInjector,
  runInInjectionContext,
} from "@angular/core"
import { toSignal } from "@angular/core/rxjs-interop"
import type { Live, Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { key$, kind$ } from "@tidemark/rxjs"
import { createEffect, createRoot } from "solid-js"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { effectScope, watchEffect } from "vue"
import { toLiveSignal } from "./frameworks/angular.ts"
import { liveSignal } from "./frameworks/solid.ts"
import { readableOf } from "./frameworks/svelte.ts"
import { useLive } from "./frameworks/vue.ts"

// In Node its name leads to the build for servers, where nothing reacts.
// @ts-expect-error It has no types of its own.
vi.mock("solid-js", () => import("solid-js/dist/solid.js"))

let store: Store
let live: Live<unknown>
let following = 0

beforeEach(async () => {
  store = openStore()
  await store.set("tasks", "a", 1)
  live = counted(store.live("tasks", "a"))
})
afterEach(async () => {
  expect(following).toBe(0)
  await store.close()
})

/** Notes how many follow. */
function counted<T>(source: Live<T>): Live<T> {
  return {
    get: () => source.get(),
    get ready() {
      return source.ready
    },
    get status() {
      return source.status
    },
    get error() {
      return source.error
    },
    subscribe(listener) {
      following++
      const stop = source.subscribe(listener)
      return () => {
        following--
        stop()
      }
    },
  }
}

describe("a live result in other frameworks", () => {
  it("C3 is a store of Svelte", async () => {
    const seen: unknown[] = []
    const stop = readableOf(live).subscribe((value) => seen.push(value))
    await store.set("tasks", "a", 2)
    stop()
    await store.set("tasks", "a", 3)
    expect(seen).toEqual([1, 2])
  })

  it("C3 is a ref of Vue", async () => {
    const seen: unknown[] = []
    const scope = effectScope()
    scope.run(() => {
      const task = useLive(live)
      watchEffect(() => seen.push(task.value), { flush: "sync" })
    })
    await store.set("tasks", "a", 2)
    scope.stop()
    await store.set("tasks", "a", 3)
    expect(seen).toEqual([1, 2])
  })

  it("C3 is a signal of Solid", async () => {
    const seen: unknown[] = []
    const dispose = createRoot((end) => {
      const task = liveSignal(live)
      createEffect(() => seen.push(task()))
      return end
    })
    await store.set("tasks", "a", 2)
    dispose()
    await store.set("tasks", "a", 3)
    expect(seen).toEqual([1, 2])
  })

  it("C3 is a signal of Angular", async () => {
    const injector = createEnvironmentInjector([], null as unknown as EnvironmentInjector)
    const task = runInInjectionContext(injector, () => toLiveSignal(live))
    expect(task()).toBe(1)
    await store.set("tasks", "a", 2)
    expect(task()).toBe(2)
    injector.destroy()
    await store.set("tasks", "a", 3)
    expect(task()).toBe(2)
  })

  it("C2 is a signal of Angular by its own toSignal too, with a value from the first on", async () => {
    const injector = createEnvironmentInjector([], null as unknown as EnvironmentInjector)
    const task = toSignal(key$(store, "tasks", "a"), { injector, requireSync: true })
    const tasks = toSignal(kind$(store, "tasks"), { injector, initialValue: [] })
    expect([task(), tasks().length]).toEqual([1, 1])
    await store.setMany("tasks", { a: 2, b: 1 })
    expect([task(), tasks().length]).toEqual([2, 2])
    injector.destroy()
    await store.set("tasks", "a", 3)
    expect(task()).toBe(2)
  })

  it.each(["svelte", "vue", "solid", "angular"])(
    "the page shows the code for %s that is tested",
    (name) => {
      const here = (file: string) => readFileSync(new URL(file, import.meta.url), "utf8")
      expect(here("../learn/frameworks.md")).toContain(here(`frameworks/${name}.ts`).trim())
    },
  )
})
