import {
  type Codec,
  defineKinds,
  type InputOf,
  type KindDefinition,
  type Kinds,
  kind,
  type ValueOf,
} from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { expectTypeOf, it } from "vitest"
import { z } from "zod"

interface Note {
  readonly text: string
  readonly tags: readonly string[]
  readonly at: { readonly day: number }
}

const url: Codec<URL> = {
  name: "url",
  encode: (value) => value.href,
  decode: (data) => new URL(String(data)),
}
const anything: Codec = { name: "anything", encode: String, decode: (data) => data }
const noteSchema = z.object({ text: z.string(), length: z.coerce.number<string>() })

it("Z8 a kind has the types of its schema, whatever its options are", () => {
  const notes = kind(noteSchema, { ttl: 1, history: false, indexes: ["text", ["length", "text"]] })
  type Out = { text: string; length: number }
  expectTypeOf(notes).toEqualTypeOf<KindDefinition<Out, { text: string; length: string }>>()
  const kinds = defineKinds({ notes })
  expectTypeOf<ValueOf<typeof kinds, "notes">>().toEqualTypeOf<Out>()
  expectTypeOf<InputOf<typeof kinds, "notes">>().toEqualTypeOf<{ text: string; length: string }>()
})

it("Z8 a kind of types alone takes options too", () => {
  const kinds = defineKinds({ notes: kind<Note>({ ttl: 60_000, indexes: ["text", "at.day"] }) })
  expectTypeOf<ValueOf<typeof kinds, "notes">>().toEqualTypeOf<Note>()
  expectTypeOf<InputOf<typeof kinds, "notes">>().toEqualTypeOf<Note>()
  const store = openStore({ kinds })
  expectTypeOf(store.get("notes", "a")).resolves.toEqualTypeOf<Note | undefined>()
})

it("Z8 an index names fields that the kind has", () => {
  // @ts-expect-error There is no such field.
  kind<Note>({ indexes: ["txt"] })
  // @ts-expect-error There is no such field in the second of two.
  kind(noteSchema, { indexes: [["text", "len"]] })
})

it("Z9 a compare function takes two values of the kind", () => {
  kind(noteSchema, {
    equals: (a, b) => {
      expectTypeOf(a).toEqualTypeOf<{ text: string; length: number }>()
      return a.length === b.length
    },
  })
  kind<Note>({ equals: (a, b) => a.text === b.text })
  // @ts-expect-error Values of the kind are no numbers.
  kind<Note>({ equals: (a: number, b: number) => a === b })
})

it("Z9 a merge takes three values of the kind, of which the first may not be there, and gives one", () => {
  kind(noteSchema, {
    merge: (base, mine, theirs) => {
      expectTypeOf(base).toEqualTypeOf<{ text: string; length: number } | undefined>()
      expectTypeOf(theirs).toEqualTypeOf(mine)
      return { ...theirs, text: mine.text }
    },
  })
  // @ts-expect-error A number is no note.
  kind<Note>({ merge: () => 1 })
})

it("Z10 a codec alone gives a kind its type", () => {
  const kinds = defineKinds({ links: kind({ codec: url }), others: kind({ codec: anything }) })
  expectTypeOf<ValueOf<typeof kinds, "links">>().toEqualTypeOf<URL>()
  expectTypeOf<ValueOf<typeof kinds, "others">>().toBeUnknown()
})

it("Z10 a codec of any value fits every kind, one of a certain type only that type", () => {
  const kinds = defineKinds({ notes: kind<Note>({ codec: anything }) })
  expectTypeOf<ValueOf<typeof kinds, "notes">>().toEqualTypeOf<Note>()
  kind(noteSchema, { codec: anything })
  // @ts-expect-error A note is no URL.
  kind<Note>({ codec: url })
  // @ts-expect-error What the schema gives is no URL.
  kind(noteSchema, { codec: url })
})

it("G16 each step of an upcast says which older value it takes", () => {
  kind<Note>({
    version: 3,
    upcast: {
      1: (old: { text: string }) => ({ ...old, tags: [] }),
      2: (old: { text: string; tags: string[] }) => ({ ...old, at: { day: 0 } }),
    },
  })
  // @ts-expect-error The steps are functions.
  kind<Note>({ version: 2, upcast: { 1: "later" } })
})

it("Z8 definitions of any types make kinds of a store", () => {
  const kinds: Kinds = { notes: kind<Note>({ equals: () => true }), links: kind({ codec: url }) }
  expectTypeOf<ValueOf<typeof kinds, "notes">>().toBeUnknown()
})
