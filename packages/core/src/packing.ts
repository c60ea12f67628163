import type { Seen } from "./batch.ts"
import { decodeValue, encodeValue } from "./codec.ts"
import type { EngineContext } from "./engine.ts"
import type { EntryName } from "./entry.ts"
import { equalValues } from "./equal.ts"
import { sameContent, sayEqual } from "./equality.ts"
import { StoreError } from "./errors.ts"
import { guard } from "./guard.ts"
import { toJson } from "./json.ts"
import { type AnyCodec, JSON_TEXT } from "./json-text.ts"
import type { KindOptions } from "./kind-options.ts"
import { isPacked, Packed, schemaOf, schemaTooNew } from "./packed.ts"
import { Unreadable } from "./unreadable.ts"
import { upcasted } from "./upcast.ts"

/** An entry, a row, a change or an op: what may have a value. */
export interface Fact extends EntryName {
  readonly value?: unknown
  readonly previous?: unknown
  readonly over?: Seen
}

/** What is known of kinds and codecs. */
export interface PackingRules {
  definition(kind: string): KindOptions | undefined
  codec(kind: string, name: string): AnyCodec | undefined
  /** Whether any kind has a schema past version 1. */
  readonly hasVersions: boolean
}

/** What a value was read from, and the copy of it that those have who look again and again. */
interface Origin {
  readonly entry: EntryName
  readonly stored: unknown
  shared?: unknown
}

/**
 * Values in two forms: as engines store them (plain JSON, or packed by a codec or a later version of
 * a schema) and as the application reads them (decoded, and of the present schema).
 */
export class Packing {
  readonly #rules: PackingRules
  /** What stored objects were read as: the same each time. */
  readonly #read = new WeakMap<object, unknown>()
  /** Values that stay changeable, with what they were read from. Readers get copies. */
  readonly #changeable = new WeakMap<object, Origin>()
  /** Whether anything was read that must not leave as it is. */
  #isWatchful = false

  constructor(rules: PackingRules) {
    this.#rules = rules
  }

  /** The form in which a kind's values are written now. */
  formOf(kind: string): { readonly codec: string | undefined; readonly schema: number } {
    const { codec, version = 1 } = this.#rules.definition(kind) ?? {}
    return { codec: codec?.name ?? (version > 1 ? JSON_TEXT.name : undefined), schema: version }
  }

  /**
   * The stored form of a value that may be written.
   * @throws StoreError `invalid_value`, with the path of what cannot be carried.
   */
  pack(entry: EntryName, value: unknown): unknown {
    const { kind, key } = entry
    const { codec, version = 1 } = this.#rules.definition(kind) ?? {}
    if (codec !== undefined) {
      return new Packed(codec.name, version, encodeValue(codec as AnyCodec, kind, key, value))
    }
    const json = toJson(value, kind, key)
    if (version === 1) return json
    const packed = new Packed(JSON_TEXT.name, version, JSON.stringify(json))
    this.#read.set(packed, json)
    return packed
  }

  /** What a stored value is read as: itself where it is plain JSON of the present schema. */
  unpack(entry: EntryName, stored: unknown): unknown {
    if (!this.#isForeign(entry.kind, stored)) return stored
    if (typeof stored !== "object" || stored === null) return this.#take(entry, stored)
    if (this.#read.has(stored)) return this.#read.get(stored)
    const value = this.#take(entry, stored)
    this.#read.set(stored, value)
    return value
  }

  /** What a stored value is read as, if this store reads its kind in that version of the schema. */
  readonly readAs: EngineContext["read"] = (entry, stored, schema) => {
    const definition = this.#rules.definition(entry.kind)
    const version = definition === undefined ? schemaOf(stored) : (definition.version ?? 1)
    if (version !== schema) return undefined
    const value = this.unpack(entry, stored)
    return value instanceof Unreadable ? undefined : value
  }

  /** A fact with its values unpacked; itself where they are what is read. */
  unpacked<F extends Fact>(fact: F): F {
    const { kind, value, previous, over } = fact
    if (!this.#isForeign(kind, value) && !this.#isForeign(kind, previous)) return fact
    const read = { ...fact, value: this.unpack(fact, value) }
    if (over !== undefined && "value" in over)
      return { ...read, over: { value: this.unpack(fact, over.value) } }
    return previous === undefined ? read : { ...read, previous: this.unpack(fact, previous) }
  }

  /** Facts with their values unpacked; the very list where nothing in it is packed. */
  allUnpacked<F extends Fact>(facts: readonly F[]): readonly F[] {
    // Most stores have nothing packed: to see that must cost next to nothing.
    const isPlain =
      !this.#rules.hasVersions &&
      !facts.some((fact) => isPacked(fact.value) || isPacked(fact.previous))
    return isPlain ? facts : facts.map((fact) => this.unpacked(fact))
  }

  /**
   * A fact as it may leave the store: with copies of values that its reader could change.
   * @throws StoreError for a value that cannot be read.
   */
  give<F extends Fact>(fact: F): F {
    return this.#isWatchful ? this.#handOut(fact, (value) => this.copy(value)) : fact
  }

  /**
   * As `give`, with the same copy of a value each time: for those who look again and again. What
   * cannot be read stays as it is.
   */
  share<F extends Fact>(fact: F): F {
    return this.#isWatchful ? this.#handOut(fact, (value) => this.#sharedCopy(value)) : fact
  }

  /** Facts as they may leave the store; the very list where it already is. @throws StoreError as `give` does. */
  allGiven<F extends Fact>(facts: readonly F[]): readonly F[] {
    return this.#isWatchful ? facts.map((fact) => this.give(fact)) : facts
  }

  /** A value, or a copy of it where its reader could change it. @throws StoreError when it cannot be read. */
  copy(value: unknown): unknown {
    if (value instanceof Unreadable) throw value.error
    const origin = this.#originOf(value)
    return origin === undefined ? value : this.#decoded(origin.entry, origin.stored)
  }

  /**
   * Whether two values, as they are read, are the same for their kind.
   * @throws StoreError `validation_failed` when its equals throws.
   */
  readonly equal: EngineContext["equal"] = (entry, a, b) => {
    if (a instanceof Unreadable || b instanceof Unreadable) return false
    return sameContent(entry, a, b) || this.#sameForm(a, b) || this.#equals(entry, a, b)
  }

  /** The same for two stored values. */
  readonly equalStored: EngineContext["equal"] = (entry, a, b) => {
    if (sameContent(entry, a, b)) return true
    const [before, after] = [this.unpack(entry, a), this.unpack(entry, b)]
    if (before === a && after === b) return this.#equals(entry, a, b)
    return this.equal(entry, before, after)
  }

  /** Whether a stored value is read as something else. */
  #isForeign(kind: string, stored: unknown): boolean {
    if (isPacked(stored)) return true
    if (!this.#rules.hasVersions || stored === undefined) return false
    return (this.#rules.definition(kind)?.version ?? 1) > 1
  }

  #take(entry: EntryName, stored: unknown): unknown {
    try {
      const value = this.#decoded(entry, stored)
      if (guard(value)) return value
      this.#isWatchful = true
      this.#changeable.set(value as object, { entry, stored })
      return value
    } catch (error) {
      if (!StoreError.is(error)) throw error
      this.#isWatchful = true
      return new Unreadable(error)
    }
  }

  /** Decodes a stored value and brings it to the present schema. */
  #decoded(entry: EntryName, stored: unknown): unknown {
    const { kind, key } = entry
    const definition = this.#rules.definition(kind)
    const found = schemaOf(stored)
    // What was not declared has no schema that could be older.
    const version = definition === undefined ? found : (definition.version ?? 1)
    if (found > version) throw schemaTooNew(entry, found, version)
    let value = stored
    if (stored instanceof Packed)
      value = decodeValue(this.#codecOf(entry, stored), kind, key, stored.data)
    if (found === version) return value
    for (let step = found; step < version; step++) {
      value = upcasted(entry, step, () => definition?.upcast?.[step]?.(value as never))
    }
    // As it would be read after a write: of its own, and nothing in it that could not be stored.
    return upcasted(entry, version - 1, () =>
      this.#copied(entry, definition?.codec as AnyCodec | undefined, value),
    )
  }

  #copied({ kind, key }: EntryName, codec: AnyCodec | undefined, value: unknown): unknown {
    if (codec === undefined) return toJson(value, kind, key)
    return decodeValue(codec, kind, key, encodeValue(codec, kind, key, value))
  }

  /** @throws StoreError `unsupported` */
  #codecOf({ kind, key }: EntryName, { codec: name }: Packed): AnyCodec {
    const codec = this.#rules.codec(kind, name)
    if (codec !== undefined) return codec
    throw new StoreError(
      "unsupported",
      `${kind}/${key} was written by the codec ${name}, which is not known here`,
      {
        details: { kind, key, codec: name },
        hint: "Declare its kind with this codec, or open the store with it in the option codecs",
      },
    )
  }

  #equals(entry: EntryName, a: unknown, b: unknown): boolean {
    return sayEqual(this.#rules.definition(entry.kind), entry, a, b)
  }

  #handOut<F extends Fact>(fact: F, copy: (value: unknown) => unknown): F {
    const value = copy(fact.value)
    const previous = fact.previous instanceof Unreadable ? undefined : copy(fact.previous)
    if (value === fact.value && previous === fact.previous) return fact
    const { previous: _, ...given } = { ...fact, value }
    return (previous === undefined ? given : { ...given, previous }) as F
  }

  #sharedCopy(value: unknown): unknown {
    const origin = this.#originOf(value)
    if (origin === undefined) return value
    origin.shared ??= this.copy(value)
    return origin.shared
  }

  #sameForm(a: unknown, b: unknown): boolean {
    const [one, other] = [this.#originOf(a), this.#originOf(b)]
    return one !== undefined && other !== undefined && equalValues(one.stored, other.stored)
  }

  #originOf(value: unknown): Origin | undefined {
    return typeof value === "object" && value !== null ? this.#changeable.get(value) : undefined
  }
}
