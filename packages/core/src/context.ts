import { systemClock } from "./clock.ts"
import type { EngineContext } from "./engine.ts"
import { equalValues } from "./equal.ts"
import { Packed, schemaOf } from "./packed.ts"

/** The context of an engine that no store of declared kinds stands on: the base of a replica, a test. */
export const plainContext: EngineContext = {
  clock: systemClock,
  equal: (_, a, b) => equalValues(a, b),
  merge: (_entry, _over, mine) => mine,
  indexes: [],
  // Of anything but plain JSON only its kind's declaration knows what it is.
  read: (_, stored, schema) =>
    stored instanceof Packed || schemaOf(stored) !== schema ? undefined : stored,
}
