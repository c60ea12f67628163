import { defineKinds, type Entry, kind, type Store } from "@tidemark/core"
import { useKey, useKind, useSet, useStore, useWatch } from "@tidemark/react"
import { expectTypeOf, test } from "vitest"

interface Song {
  readonly title: string
}
const kinds = defineKinds({ songs: kind<Song>() })

// What an application does once. It holds for the whole program, which here is all tests: so no
// other test may use this kind with the hooks of the package.
declare module "@tidemark/react" {
  interface Register {
    kinds: typeof kinds
  }
}

test("registered kinds type the hooks with nothing said where they are used", () => {
  expectTypeOf(useKey("songs", "1")).toEqualTypeOf<Song | undefined>()
  expectTypeOf(useKey("songs", "1", { initial: { title: "" } })).toEqualTypeOf<Song>()
  expectTypeOf(useKind("songs", { orderBy: "title" })).toEqualTypeOf<readonly Entry<Song>[]>()
  expectTypeOf(useStore()).toEqualTypeOf<Store<typeof kinds>>()
  useWatch("songs", (change) => expectTypeOf(change.value).toEqualTypeOf<Song>())
  useSet("songs")("1", { title: "Tide" })
  // @ts-expect-error A song has no such field.
  useSet("songs")("1", { name: "Tide" })
  // @ts-expect-error A song has no such field.
  useKind("songs", { where: { name: "Tide" } })
})

test("kinds that are not registered give unknown", () => {
  expectTypeOf(useKey("other", "x")).toBeUnknown()
  expectTypeOf(useKind("other")).toEqualTypeOf<readonly Entry[]>()
  useSet("other")("x", { anything: 1 })
})
