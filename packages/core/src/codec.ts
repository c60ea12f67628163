import { isPromise } from "./awaitable.ts"
import { StoreError } from "./errors.ts"

/**
 * How values become text or bytes, and values again. Both directions answer at once.
 *
 * - `decode(encode(value))` equals `value`. What a codec cannot carry it refuses by throwing; a
 *   StoreError `invalid_value` with `details.path` tells where in the value that is.
 * - Equal values give equal data, as far as the format allows: data decides what is `unchanged`.
 * - `decode` throws on data that `encode` cannot have made.
 *
 * The name is stored with each value and finds the codec that reads it: once there are values,
 * it never changes.
 *
 * @example
 * const url: Codec<URL> = {
 *   name: "url",
 *   encode: (value) => value.href,
 *   decode: (data) => new URL(String(data)),
 * }
 */
export interface Codec<V = unknown> {
  readonly name: string
  encode(value: V): string | Uint8Array
  decode(data: string | Uint8Array): V
}

/** Longer names are refused; in UTF-16 units. */
const MAX_NAME_LENGTH = 200

/** @throws StoreError `invalid_value` for what is no codec, or has no name that can be stored. */
export function checkCodec(codec: unknown): asserts codec is Codec {
  const { name, encode, decode } = Object(codec) as Partial<Codec>
  if (typeof encode !== "function" || typeof decode !== "function") {
    throw unfit(name, "lacks encode() or decode()")
  }
  if (typeof name !== "string" || name === "") throw unfit(name, "has no name")
  if (!name.isWellFormed()) throw unfit(name, "has a name with a lone surrogate")
  if (name.length > MAX_NAME_LENGTH) {
    throw unfit(name, `has a name of more than ${MAX_NAME_LENGTH} characters`)
  }
}

/**
 * A value in the form its codec gives it: text or bytes that nobody else can change.
 *
 * @throws StoreError `invalid_value`, naming codec, kind and key, and the path where it is known.
 */
export function encodeValue(
  codec: Codec,
  kind: string,
  key: string,
  value: unknown,
): string | Uint8Array {
  const refuse = (reason: string, cause?: unknown) => {
    const path = StoreError.is(cause, "invalid_value") ? cause.details.path : undefined
    const details = { kind, key, codec: codec.name, ...(path === undefined ? {} : { path }) }
    const what = `${kind}/${key}: the codec ${codec.name} cannot encode the value: ${reason}`
    return new StoreError("invalid_value", what, { details, cause })
  }
  if (value === undefined) throw refuse("it is undefined, which is no value")
  const data = attempt<unknown>(() => codec.encode(value), refuse)
  if (typeof data === "string") {
    if (data.isWellFormed()) return data
    throw refuse("it gave text with a lone surrogate, which cannot be stored")
  }
  if (data instanceof Uint8Array) return new Uint8Array(data)
  throw refuse(`it gave ${isPromise(data) ? "a promise" : typeof data}, neither text nor bytes`)
}

/**
 * The value that stored data stands for. The codec gets bytes of its own.
 *
 * @throws StoreError `corrupt`, naming codec, kind and key.
 */
export function decodeValue<V>(
  codec: Codec<V>,
  kind: string,
  key: string,
  data: string | Uint8Array,
): V {
  const refuse = (reason: string, cause?: unknown) => {
    const what = `${kind}/${key}: the codec ${codec.name} cannot read what is stored: ${reason}`
    const details = { kind, key, codec: codec.name }
    const hint = "Use the codec that wrote it, or write the entry anew"
    return new StoreError("corrupt", what, { details, hint, cause })
  }
  const value = attempt(
    () => codec.decode(typeof data === "string" ? data : new Uint8Array(data)),
    refuse,
  )
  if (value === undefined) throw refuse("it gave undefined, which is no value")
  if (isPromise(value)) throw refuse("it gave a promise, and codecs answer at once")
  return value
}

function attempt<T>(call: () => T, refuse: (reason: string, cause: unknown) => StoreError): T {
  try {
    return call()
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : "it threw what is no error", error)
  }
}

function unfit(name: unknown, what: string): StoreError {
  const shown = typeof name === "string" ? JSON.stringify(name) : "given here"
  return new StoreError("invalid_value", `The codec ${shown} ${what}`, {
    details: { codec: name },
    hint: "A codec is { name, encode(value), decode(data) }",
  })
}
