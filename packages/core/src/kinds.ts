import type { StandardSchemaV1 } from "@standard-schema/spec"
import { type Awaitable, isPromise } from "./awaitable.ts"
import { checkCodec } from "./codec.ts"
import { type EndOptions, endOf } from "./end.ts"
import type { EntryName } from "./entry.ts"
import { reasonOf, StoreError } from "./errors.ts"
import { type AnyCodec, JSON_TEXT } from "./json-text.ts"
import { checkKindOptions, type KindOptions } from "./kind-options.ts"
import { checkKey, checkKind, isReserved } from "./names.ts"
import { Packing } from "./packing.ts"
import { checkOwnKind, localKind } from "./scope-name.ts"

/** What is declared about a kind. `In` is what may be written, `Out` what is read. */
export interface KindDefinition<Out = unknown, In = Out> extends KindOptions {
  readonly schema?: StandardSchemaV1<In, Out>
  /** Carries the types only; never there at run time. */
  readonly types?: { readonly input: In; readonly output: Out }
}

/** The declared kinds of a store, by name. */
export type Kinds = Readonly<Record<string, KindDefinition>>

/**
 * The mark of whose kinds a type is about, so that no store is taken for one of other kinds. It
 * carries types only and is never there at run time. It stands first in its interface: there
 * TypeScript learns from it to compare the kinds by what they are.
 */
export type KindTypes<K extends Kinds> = { readonly [N in keyof K]: K[N] }

/** The names of kinds: the declared ones, and, because others hold plain JSON, any text. */
export type KindName<K extends Kinds> = (keyof K & string) | (string & {})

/** What is read from a kind; `unknown` for one that was not declared. */
export type ValueOf<K extends Kinds, N extends string> = string extends keyof K
  ? unknown // Of just any kinds nothing is known, whatever their names.
  : N extends keyof K
    ? K[N] extends KindDefinition<infer Out, never> | KindDefinition<infer Out, infer _In>
      ? Out
      : unknown
    : unknown

/** What may be written to a kind. */
export type InputOf<K extends Kinds, N extends string> = string extends keyof K
  ? unknown
  : N extends keyof K
    ? K[N] extends KindDefinition<infer _Out, infer In>
      ? In
      : unknown
    : unknown

/**
 * Declares a kind: with a schema of any Standard Schema library (zod, valibot, arktype …), which
 * then checks every write and gives the types, or with a type alone.
 *
 * @example
 * kind(z.object({ name: z.string() }))
 * kind<Settings>()
 * kind(noteSchema, { version: 2, upcast: { 1: (note: OldNote) => ({ ...note, tags: [] }) } })
 */
export function kind<In, Out>(
  schema: StandardSchemaV1<In, Out>,
  options?: KindOptions<Out>,
): KindDefinition<Out, In>
export function kind<V>(options?: KindOptions<V>): KindDefinition<V>
export function kind<In, Out>(
  first: StandardSchemaV1<In, Out> | KindOptions<Out> = {},
  options: KindOptions<Out> = {},
): KindDefinition<Out, In> {
  return "~standard" in first ? { ...options, schema: first } : { ...options, ...first }
}

/**
 * Declares the kinds of a store.
 *
 * @throws StoreError `invalid_key` for a name that cannot be one, `invalid_value` for an option that cannot hold.
 */
export function defineKinds<const K extends Kinds>(kinds: K): K {
  for (const [name, definition] of Object.entries(kinds)) {
    checkKind(name)
    if (isReserved(name)) {
      throw new StoreError("invalid_key", `The kind ${name} belongs to Tidemark`, {
        hint: "Choose another name",
      })
    }
    checkKindOptions(name, definition)
  }
  return kinds
}

/** Checks names and values on their way in, by what was declared. */
export class KindRules {
  /** The two forms of their values. */
  readonly packing: Packing
  readonly #kinds: Kinds
  readonly #strict: boolean

  /** @throws StoreError as `defineKinds` does: the kinds need not come from there; `invalid_value` for bad codecs. */
  constructor(kinds: Kinds, strict: boolean, codecs: readonly AnyCodec[] = []) {
    this.#kinds = defineKinds(kinds)
    this.#strict = strict
    const known = knownCodecs(kinds, codecs)
    this.packing = new Packing({
      definition: (name) => this.definition(name),
      codec: (name, codec) => {
        const own = this.definition(name)?.codec as AnyCodec | undefined
        return own?.name === codec ? own : known.get(codec)
      },
      hasVersions: Object.values(kinds).some(({ version = 1 }) => version > 1),
    })
  }

  /** What is declared about a kind; a scope's kinds are those that are declared for the store. */
  definition(name: string): KindDefinition | undefined {
    const local = localKind(name)
    return Object.hasOwn(this.#kinds, local) ? this.#kinds[local] : undefined
  }

  /** @throws StoreError `invalid_key`; `not_found` for a kind that a strict store does not know. */
  checkKind(name: string): void {
    checkOwnKind(name)
    if (!this.#strict || isReserved(localKind(name)) || this.definition(name)) return
    const known = Object.keys(this.#kinds)
    throw new StoreError(
      "not_found",
      `There is no kind ${JSON.stringify(name)} in this strict store`,
      {
        details: { kind: name, known },
        hint: `Declare it with defineKinds()${known.length > 0 ? `, or use one of: ${known.join(", ")}` : ""}`,
      },
    )
  }

  /** @throws StoreError `invalid_key`; `not_found` as `checkKind` does. */
  checkNames(name: string, key: string): void {
    this.checkKind(name)
    checkKey(key)
  }

  /**
   * When an entry ends that is written now: as the options say, else as its kind declares.
   * @throws StoreError `invalid_value`.
   */
  end(name: string, key: string | undefined, options: EndOptions, now: number): number | undefined {
    const end = endOf(name, key, options, now)
    const ttl = this.definition(name)?.ttl
    return end === undefined && ttl !== undefined ? endOf(name, key, { ttl }, now) : end
  }

  /**
   * A value in its stored form: what the schema made of it, out of reach of who gave it. A promise
   * only where the schema is asynchronous.
   * @throws StoreError `validation_failed`, `invalid_value`.
   */
  value(kind: string, key: string, value: unknown): Awaitable<unknown> {
    const entry = { kind, key }
    const pack = (accepted: unknown) => this.packing.pack(entry, accepted)
    const schema = this.definition(kind)?.schema
    if (schema === undefined) return pack(value)
    const checked = validated(schema, entry, value)
    return isPromise(checked) ? checked.then(pack) : pack(checked)
  }
}

/** All codecs that the store knows, by name. */
function knownCodecs(kinds: Kinds, given: readonly AnyCodec[]): ReadonlyMap<string, AnyCodec> {
  const known = new Map([[JSON_TEXT.name, JSON_TEXT]])
  for (const { codec } of Object.values(kinds)) if (codec) known.set(codec.name, codec as AnyCodec)
  for (const codec of given) {
    checkCodec(codec)
    known.set(codec.name, codec)
  }
  return known
}

/** What a schema makes of a value. */
function validated(schema: StandardSchemaV1, entry: EntryName, value: unknown): Awaitable<unknown> {
  const fail = (cause: unknown): never => {
    const { kind, key } = entry
    const what = `${kind}/${key}: its schema failed: ${reasonOf(cause)}`
    const hint = "Nothing was written; mend the schema"
    throw new StoreError("validation_failed", what, { details: { kind, key }, hint, cause })
  }
  const accept = (result: StandardSchemaV1.Result<unknown>) => accepted(result, entry)
  let checked: Awaitable<StandardSchemaV1.Result<unknown>>
  try {
    checked = schema["~standard"].validate(value)
  } catch (cause) {
    return fail(cause)
  }
  return isPromise(checked) ? checked.then(accept, fail) : accept(checked)
}

function accepted(result: StandardSchemaV1.Result<unknown>, { kind, key }: EntryName): unknown {
  if (result.issues === undefined) return result.value
  const issues = result.issues.map(({ message, path = [] }) => ({ message, path: pathText(path) }))
  const told = issues
    .map(({ message, path }) => (path === "" ? message : `${path}: ${message}`))
    .join("; ")
  throw new StoreError("validation_failed", `${kind}/${key} does not fit its schema: ${told}`, {
    details: { kind, key, path: issues[0]?.path, issues },
    hint: "Nothing was written; mend the value and write it again",
  })
}

function pathText(path: readonly (PropertyKey | StandardSchemaV1.PathSegment)[]): string {
  return path.map((step) => String(typeof step === "object" ? step.key : step)).join(".")
}
