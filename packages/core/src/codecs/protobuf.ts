import type { Codec } from "../codec.ts"
import { StoreError } from "../errors.ts"
import { showPath } from "../json.ts"
import { bytesOf } from "./data.ts"

/**
 * A type of messages, as protobufjs and ts-proto have it. With @bufbuild/protobuf it is
 * `{ encode: (user) => toBinary(UserSchema, user), decode: (bytes) => fromBinary(UserSchema, bytes) }`.
 */
export interface MessageType<V> {
  encode(message: V): Uint8Array | { finish(): Uint8Array }
  decode(bytes: Uint8Array): V
}

/**
 * A codec of messages of one type, in the binary form of Protocol Buffers. `typeName` is stored with
 * each value, as `protobuf:app.User`; give another type another name.
 *
 * Protobuf leaves out what a type does not have, and rounds what does not fit. Therefore each
 * message is read back when it is written, and refused with the path when it does not read the
 * same. Make values with the library's own `create`, which fills in empty lists and maps.
 *
 * A map with its names in another order gives other data.
 *
 * @example
 * protobufCodec("app.User", root.lookupType("app.User"))
 */
export function protobufCodec<V extends object>(typeName: string, type: MessageType<V>): Codec<V> {
  return {
    name: `protobuf:${typeName}`,
    encode: (value) => {
      const message = type.encode(value)
      const bytes = new Uint8Array("finish" in message ? message.finish() : message)
      const path = difference(value, type.decode(bytes.slice()), [])
      if (path === undefined) return bytes
      const where = path === "" ? "the value" : path
      throw new StoreError(
        "invalid_value",
        `${where} would not come back as it is from a message ${typeName}`,
        {
          details: { path },
          hint: "Make the value with the library's create(), of the fields and ranges that the type has",
        },
      )
    },
    decode: (data) => type.decode(bytesOf(data)),
  }
}

/** The path of the first part that does not read the same; what an object inherits counts too. */
function difference(a: unknown, b: unknown, path: (string | number)[]): string | undefined {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return undefined
  if (!isObject(a) || !isObject(b) || Array.isArray(a) !== Array.isArray(b)) return showPath(path)
  if (a instanceof Uint8Array || b instanceof Uint8Array) {
    return sameBytes(a, b) ? undefined : showPath(path)
  }
  for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const step = Array.isArray(a) ? Number(name) : name
    const found = difference(a[name], b[name], [...path, step])
    if (found !== undefined) return found
  }
  return undefined
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null
}

function sameBytes(a: object, b: object): boolean {
  if (!(a instanceof Uint8Array) || !(b instanceof Uint8Array)) return false
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}
