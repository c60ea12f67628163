import { type Codec, checkCodec } from "./codec.ts"
import { StoreError } from "./errors.ts"
import type { Field } from "./query.ts"

/** What can be told of a kind besides its schema. `V` is what is read from it. */
export interface KindOptions<V = unknown> {
  /** How long an entry lives after its last write, in milliseconds. Default: without end. */
  readonly ttl?: number
  /** How many older changes of each entry are kept behind the newest ones of the store; `false`: none. */
  readonly history?: false | number
  /** Fields, or several fields together, by which queries of this kind find their entries quickly. */
  readonly indexes?: readonly KindIndex<V>[]
  /** Whether two values that differ in form are the same for this application; then a write is `unchanged`. */
  equals?(a: V, b: V): boolean
  /**
   * What becomes of a set that meets another value than its writer had seen, because others were
   * first: `base` is what the writer had seen (`undefined`: nothing), `mine` what it sets, `theirs`
   * what is there now. It answers at once, the same for the same, and changes none of the three.
   * Without it, the later write wins. Not asked by `ifVersion` and `update`, which know themselves.
   */
  merge?(base: V | undefined, mine: V, theirs: V): V
  /** How values become text or bytes. Default: they are plain JSON. */
  readonly codec?: Codec<V> | GeneralCodec
  /** The version of the schema: 1, 2, 3 … Default 1. */
  readonly version?: number
  /** For each older version of the schema, what makes a value of the next one. */
  readonly upcast?: Upcasts
}

/** One field, or several whose order counts. */
export type KindIndex<V = unknown> = Field<V> | readonly Field<V>[]

/** Functions by the version they take: `{ 1: toVersion2, 2: toVersion3 }`. They answer at once. */
export type Upcasts = Readonly<Record<number, (value: never) => unknown>>

/** A codec of values of any type: its parameters are compared strictly, so that one of another type does not pass. */
export interface GeneralCodec {
  readonly name: string
  readonly encode: (value: unknown) => string | Uint8Array
  readonly decode: (data: string | Uint8Array) => unknown
}

/**
 * Checks what was declared about a kind.
 *
 * @throws StoreError `invalid_value`, with kind and option.
 */
export function checkKindOptions(kind: string, options: object): void {
  if ("~standard" in Object(options)) {
    throw new StoreError("invalid_value", `The kind ${kind} is a schema alone`, {
      details: { kind },
      hint: `Declare it with kind(), as in defineKinds({ ${kind}: kind(schema) })`,
    })
  }
  for (const [option, value] of Object.entries(options)) {
    const check = Object.hasOwn(CHECKS, option) ? CHECKS[option as keyof typeof CHECKS] : undefined
    const refuse = (what: string, hint: string, cause?: unknown): never => {
      throw new StoreError("invalid_value", `The kind ${kind}: ${what}`, {
        details: { kind, option },
        hint,
        cause,
      })
    }
    if (check === undefined) {
      return refuse(`there is no option ${option}`, `Use ${Object.keys(CHECKS).join(", ")}`)
    }
    if (value !== undefined) check(value as never, refuse, options)
  }
}

type Refuse = (what: string, hint: string, cause?: unknown) => never
type Check = (value: never, refuse: Refuse, options: KindOptions) => void

const CHECKS: Readonly<Record<keyof KindOptions | "schema" | "types", Check>> = {
  schema(value: unknown, refuse) {
    if ("~standard" in Object(value)) return
    refuse("its schema is no Standard Schema", "Take zod, valibot, arktype or another such library")
  },
  types() {},
  ttl(value: unknown, refuse) {
    if (Number.isSafeInteger(value) && (value as number) > 0) return
    refuse(`${String(value)} is no ttl`, "Give a whole number of milliseconds, 1 or more")
  },
  history(value: unknown, refuse) {
    if (value === false || value === Number.POSITIVE_INFINITY) return
    if (Number.isInteger(value) && (value as number) >= 0) return
    refuse(`${String(value)} is no history`, "Give false, or a whole number from 0, or Infinity")
  },
  indexes(value: unknown, refuse) {
    if (Array.isArray(value) && value.every(isIndex)) return
    refuse("its indexes cannot be read", 'Give a list, as ["owner", ["done", "due"]]')
  },
  equals(value: unknown, refuse) {
    if (typeof value === "function") return
    refuse("its equals is no function", "Give (a, b) => boolean")
  },
  merge(value: unknown, refuse) {
    if (typeof value === "function") return
    refuse("its merge is no function", "Give (base, mine, theirs) => value")
  },
  codec(value: unknown, refuse) {
    try {
      checkCodec(value)
    } catch (error) {
      if (!StoreError.is(error)) throw error
      refuse(error.message, "Mend the codec, or leave it out for plain JSON", error)
    }
  },
  version(value: unknown, refuse, { upcast = {} }) {
    if (!Number.isSafeInteger(value) || (value as number) < 1) {
      refuse(`${String(value)} is no version of a schema`, "Count 1, 2, 3 …")
    }
    for (let from = 1; from < (value as number); from++) {
      if (typeof Object(upcast)[from] === "function") continue
      refuse(
        `its schema is at version ${String(value)}, and upcast lacks step ${from}`,
        `Give upcast: { ${from}: (value) => … } that makes a value of version ${from + 1}`,
      )
    }
  },
  upcast(value: unknown, refuse, { version = 1 }) {
    for (const step of Object.keys(Object(value))) {
      if (String(Number(step)) === step && Number(step) >= 1 && Number(step) < version) continue
      refuse(
        `its schema is at version ${version}, which upcast ${step} does not lead to`,
        `Number the steps from 1 to version - 1`,
      )
    }
    if (typeof value !== "object") refuse("its upcast is no object", "Give { 1: (value) => … }")
  },
}

function isIndex(index: unknown): boolean {
  const fields: unknown = typeof index === "string" ? [index] : index
  return Array.isArray(fields) && fields.length > 0 && fields.every(isField)
}

function isField(field: unknown): boolean {
  return typeof field === "string" && field !== "" && field.isWellFormed()
}
