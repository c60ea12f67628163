import { Packed, type PackedRecord, packedOf, recordOf } from "@tidemark/core/engine"

/** A fact (a change, a row, an op, a result) as a message carries it: a packed value stands as its record. */
export type Sent<F> = F extends unknown
  ? Omit<F, "value" | "previous"> & {
      readonly value?: unknown
      readonly packed?: PackedRecord
      readonly previous?: unknown
      readonly packedPrevious?: PackedRecord
    }
  : never

/** A fact to send; itself where it is plain JSON. */
export function sent<F extends object>(fact: F): Sent<F> {
  const { value, previous, ...rest } = fact as Sent<object>
  if (!(value instanceof Packed) && !(previous instanceof Packed)) return fact as unknown as Sent<F>
  const message = {
    ...rest,
    ...(value instanceof Packed ? { packed: recordOf(value) } : given({ value })),
    ...(previous instanceof Packed ? { packedPrevious: recordOf(previous) } : given({ previous })),
  }
  return message as Sent<F>
}

/** A fact that was sent; itself where it is plain JSON. */
export function received<F extends object>(message: Sent<F>): F {
  const { packed, packedPrevious, ...rest } = message as Sent<object>
  if (packed === undefined && packedPrevious === undefined) return message as unknown as F
  const fact = {
    ...rest,
    ...(packed === undefined ? {} : { value: packedOf(packed) }),
    ...(packedPrevious === undefined ? {} : { previous: packedOf(packedPrevious) }),
  }
  return fact as F
}

function given(part: { readonly [name: string]: unknown }): object {
  return Object.values(part)[0] === undefined ? {} : part
}
