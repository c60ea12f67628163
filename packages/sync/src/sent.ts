import { Packed, type PackedRecord, packedOf, recordOf } from "@tidemark/core/engine"

/** A fact (a change, a row, an op, a result) as a message carries it: a packed value stands as its record. */
export type Sent<F> = F extends unknown
  ? Omit<F, "value" | "previous" | "over"> & {
      readonly value?: unknown
      readonly packed?: PackedRecord
      readonly previous?: unknown
      readonly packedPrevious?: PackedRecord
      readonly over?: SentSeen
    }
  : never

/** What the writer of a set had seen, as a message carries it. */
export interface SentSeen {
  readonly value?: unknown
  readonly packed?: PackedRecord
}

/** A fact to send; itself where it is plain JSON. */
export function sent<F extends object>(fact: F): Sent<F> {
  if (!isPacked(fact as Sent<object>)) return fact as unknown as Sent<F>
  const { value, previous, over, ...rest } = fact as Sent<object>
  const message = {
    ...rest,
    ...(value instanceof Packed ? { packed: recordOf(value) } : given({ value })),
    ...(previous instanceof Packed ? { packedPrevious: recordOf(previous) } : given({ previous })),
    ...given({ over: over?.value instanceof Packed ? { packed: recordOf(over.value) } : over }),
  }
  return message as Sent<F>
}

/** Nearly no fact is, and there are many: none is taken apart to find out. */
function isPacked({ value, previous, over }: Sent<object>): boolean {
  return value instanceof Packed || previous instanceof Packed || over?.value instanceof Packed
}

/** A fact that was sent; itself where it is plain JSON. */
export function received<F extends object>(message: Sent<F>): F {
  const sentFact = message as Sent<object>
  if (!wasPacked(sentFact)) return message as unknown as F
  const { packed, packedPrevious, over, ...rest } = sentFact
  const fact = {
    ...rest,
    ...(packed === undefined ? {} : { value: packedOf(packed) }),
    ...(packedPrevious === undefined ? {} : { previous: packedOf(packedPrevious) }),
    ...given({ over: over?.packed === undefined ? over : { value: packedOf(over.packed) } }),
  }
  return fact as F
}

function wasPacked({ packed, packedPrevious, over }: Sent<object>): boolean {
  return packed !== undefined || packedPrevious !== undefined || over?.packed !== undefined
}

function given(part: { readonly [name: string]: unknown }): object {
  return Object.values(part)[0] === undefined ? {} : part
}
