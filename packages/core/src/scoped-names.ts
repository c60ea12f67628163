import { type Awaitable, isPromise } from "./awaitable.ts"
import type { KindRange } from "./engine.ts"
import { StoreError } from "./errors.ts"
import type { Fact } from "./packing.ts"
import { scopedKind } from "./scope-name.ts"
import { Unreadable } from "./unreadable.ts"

/** Facts of a store, and the same ones as their scope sees them. */
export type LocalFacts = WeakMap<object, object>

/** The names of one scope's kinds: as they are inside it, and as they are in the store. */
export class ScopedNames {
  /** The kinds of the scope, as they are in the store. */
  readonly range: KindRange
  readonly #facts: LocalFacts

  /** `facts` is shared by all who see the store, so that an unchanged entry is the same for them all. */
  constructor(scope: string, facts: LocalFacts) {
    this.range = { prefix: scopedKind(scope, "") }
    this.#facts = facts
  }

  /** The name in the store. */
  stored(kind: string): string {
    return this.range.prefix + kind
  }

  /** Whether a kind of the store is one of the scope's. */
  has(kind: string): boolean {
    return kind.startsWith(this.range.prefix)
  }

  /** The name inside the scope. */
  local(kind: string): string {
    return kind.slice(this.range.prefix.length)
  }

  /** A row, entry or change of the scope as it is seen inside: the same object each time. */
  fact<F extends Fact>(fact: F): F {
    const known = this.#facts.get(fact)
    if (known !== undefined) return known as F
    const local: F = { ...fact, kind: this.local(fact.kind) }
    const { value, previous } = fact
    if (value instanceof Unreadable) Object.assign(local, { value: this.#unreadable(value) })
    if (previous instanceof Unreadable)
      Object.assign(local, { previous: this.#unreadable(previous) })
    this.#facts.set(fact, local)
    return local
  }

  /** Facts of the scope as they are seen inside: the same list each time. */
  facts<F extends Fact>(facts: readonly F[]): readonly F[] {
    const known = this.#facts.get(facts)
    if (known !== undefined) return known as readonly F[]
    const local = Object.freeze(facts.map((fact) => this.fact(fact)))
    this.#facts.set(facts, local)
    return local
  }

  /** An error with the names inside the scope in the place of those in the store. */
  error(error: unknown): unknown {
    if (!StoreError.is(error)) return error
    const { code, details, hint, cause } = error
    const { kind } = details
    const isOwn = typeof kind === "string" && this.has(kind)
    const [text, hinted] = [this.#text(error.message), hint && this.#text(hint)]
    if (!isOwn && text === error.message) return error
    const bare = hinted && text.endsWith(`. ${hinted}`) ? text.slice(0, -hinted.length - 2) : text
    return new StoreError(code, bare, {
      details: isOwn ? { ...details, kind: this.local(kind) } : details,
      ...(hinted === undefined ? {} : { hint: hinted }),
      cause,
    })
  }

  /** Asks the store, at once or later, and tells the answer or the error by the names inside. */
  ask<T, R>(question: () => Awaitable<T>, tell: (answer: T) => R): Awaitable<R> {
    const fail = (error: unknown): never => {
      throw this.error(error)
    }
    try {
      const answer = question()
      return isPromise(answer) ? answer.then(tell, fail) : tell(answer)
    } catch (error) {
      return fail(error)
    }
  }

  #text(text: string): string {
    return text.replaceAll(this.range.prefix, "")
  }

  #unreadable({ error }: Unreadable): Unreadable {
    return new Unreadable(this.error(error) as StoreError)
  }
}
