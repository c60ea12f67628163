import {
  type Codec,
  defineKinds,
  type KindDefinition,
  type KindOptions,
  kind,
} from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { describe, expect, it } from "vitest"
import { z } from "zod"

const codec: Codec = { name: "text", encode: String, decode: String }
const step = (value: unknown) => value

/** Options that cannot hold, with the option that is named. */
const REFUSED: readonly (readonly [what: string, option: string, options: object])[] = [
  ["a ttl of nothing", "ttl", { ttl: 0 }],
  ["a ttl below nothing", "ttl", { ttl: -1 }],
  ["a ttl in parts of a millisecond", "ttl", { ttl: 1.5 }],
  ["a ttl without end", "ttl", { ttl: Number.POSITIVE_INFINITY }],
  ["a ttl in words", "ttl", { ttl: "1 day" }],
  ["a history that is no number", "history", { history: true }],
  ["a history below nothing", "history", { history: -1 }],
  ["indexes that are no list", "indexes", { indexes: "owner" }],
  ["an index of nothing", "indexes", { indexes: [[]] }],
  ["an index of an empty name", "indexes", { indexes: [""] }],
  ["an index deeper than a list", "indexes", { indexes: [[["owner"]]] }],
  ["an equals that is no function", "equals", { equals: "deep" }],
  ["a merge that is no function", "merge", { merge: "mine" }],
  ["a codec that only decodes", "codec", { codec: { name: "half", decode: String } }],
  ["a codec without a name", "codec", { codec: { ...codec, name: "" } }],
  ["a version of 0", "version", { version: 0 }],
  ["a version that is no whole number", "version", { version: 1.5, upcast: { 1: step } }],
  ["a version in words", "version", { version: "2", upcast: { 1: step } }],
  ["a version without a way to it", "version", { version: 2 }],
  ["a chain with a gap", "version", { version: 4, upcast: { 1: step, 3: step } }],
  ["a step that is no function", "version", { version: 2, upcast: { 1: "later" } }],
  ["a step past the version", "upcast", { version: 2, upcast: { 1: step, 2: step } }],
  ["a step without a version", "upcast", { upcast: { 1: step } }],
  ["a step from version 0", "upcast", { version: 2, upcast: { 0: step, 1: step } }],
  ["steps in no object", "upcast", { upcast: "all" }],
  ["an option that there is not", "versoin", { versoin: 2 }],
  ["an option with the name of an object's own", "constructor", { constructor: 1 }],
  ["a schema of no standard", "schema", { schema: { parse: step } }],
]

describe("what may be told of a kind", () => {
  it.each(REFUSED)("Z8 %s is refused, naming kind and option", (_, option, options) => {
    const refusal = { code: "invalid_value", details: { kind: "notes", option } }
    const kinds = { notes: options as KindDefinition }
    expect(() => defineKinds(kinds)).toThrow(expect.objectContaining(refusal))
    expect(() => openStore({ kinds })).toThrow(expect.objectContaining(refusal))
  })

  it("Z8 everything that can hold is taken", () => {
    const options: KindOptions = {
      ttl: 1,
      history: Number.POSITIVE_INFINITY,
      indexes: ["owner", ["done", "at.day"]],
      equals: () => false,
      merge: (_base, mine) => mine,
      codec,
      version: 3,
      upcast: { 1: step, 2: step },
    }
    const kinds = defineKinds({
      all: kind(z.string(), options),
      none: kind(),
      off: kind({ history: false }),
    })
    expect(kinds.all).toEqual({ ...options, schema: expect.anything() })
    expect(kinds.none).toEqual({})
  })

  it("Z8 a schema is told from options by the standard's mark, also where it is a function", () => {
    const schema = Object.assign(() => {}, { "~standard": z.string()["~standard"] })
    expect(kind(schema)).toEqual({ schema })
    expect(kind({ ttl: 5 })).toEqual({ ttl: 5 })
  })

  it("Z10 a codec's own fault is the cause of the refusal", () => {
    const half = { notes: { codec: { name: "half" } } } as unknown as { notes: KindDefinition }
    expect(() => defineKinds(half)).toThrow(
      expect.objectContaining({ cause: expect.objectContaining({ code: "invalid_value" }) }),
    )
  })
})
