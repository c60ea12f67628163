import fc from "fast-check"
import { expect, it } from "vitest"
import { isReserved } from "../src/names.ts"
import { isInScope, isScoped, localKind, scopedKind, scopeName } from "../src/scope-name.ts"

const namespace = fc.oneof(
  fc.string({ minLength: 1, unit: "grapheme" }),
  fc.constantFrom("a", "a/b", "a:b", "a%2Fb", "%", "A", "tidemark:scope/a"),
)
const path = fc.array(namespace, { minLength: 1, maxLength: 3 })
const nameOf = (namespaces: readonly string[]) =>
  namespaces.reduce<string | undefined>((outer, one) => scopeName(outer, one), undefined) as string

it("G6 a scope's kinds are told apart from all others, and give back their local name", () => {
  fc.assert(
    fc.property(path, fc.string({ minLength: 1 }), (namespaces, kind) => {
      const scoped = scopedKind(nameOf(namespaces), kind)
      expect([isScoped(scoped), isReserved(scoped), localKind(scoped)]).toEqual([true, true, kind])
    }),
  )
})

it("G6 namespaces match exactly: a kind lies in its own scope and the ones around it, in no other", () => {
  fc.assert(
    fc.property(path, path, fc.string({ minLength: 1 }), (inner, other, kind) => {
      const isAround = other.every((one, index) => one === inner[index])
      expect(isInScope(scopedKind(nameOf(inner), kind), nameOf(other))).toBe(isAround)
    }),
  )
})

it("G6 a namespace that cannot be one is refused", () => {
  for (const bad of ["", "\ud800", 5 as never, "x".repeat(70_000)]) {
    expect(() => scopeName(undefined, bad)).toThrow("namespace")
  }
})
