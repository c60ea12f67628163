import { defineKinds, kind } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { type ServerEnd, serve } from "@tidemark/sync"
import { createHandler } from "@tidemark/sync/http-handler"
import { expectTypeOf, it } from "vitest"

const kinds = defineKinds({ users: kind<{ readonly name: string }>() })

it("takes a store of declared kinds as it is", () => {
  const store = openStore({ kinds })
  const end: ServerEnd = { send: () => {}, receive: () => {}, close: () => {} }
  expectTypeOf(serve(store, end, { authorization: { principal: "a" } })).toEqualTypeOf<() => void>()
  expectTypeOf(createHandler(store, { authorize: () => undefined })).returns.toEqualTypeOf<
    Promise<Response>
  >()
})
