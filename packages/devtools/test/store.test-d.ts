import { defineKinds, kind, type Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { type Devtools, type InspectedStore, mountDevtools } from "@tidemark/devtools"
import { describe, expectTypeOf, it } from "vitest"

describe("mountDevtools", () => {
  it("C4 takes a store of any kinds", () => {
    const kinds = defineKinds({ users: kind<{ name: string }>(), counts: kind<number>() })
    const store = openStore({ kinds })
    expectTypeOf(store).toExtend<InspectedStore>()
    expectTypeOf<Store>().toExtend<InspectedStore>()
    expectTypeOf(mountDevtools).toBeCallableWith(document.body, store, { theme: "dark" })
    expectTypeOf(mountDevtools).returns.toEqualTypeOf<Devtools>()
  })

  it("C4 knows its options", () => {
    // @ts-expect-error there is no such corner
    mountDevtools(document.body, openStore(), { position: "middle" })
  })
})
