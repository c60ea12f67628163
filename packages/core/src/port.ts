export { type Awaitable, isPromise, run, type Steps, wait } from "./awaitable.ts"
export type { StampedBatch } from "./batch.ts"
export { rowAfter } from "./change.ts"
export { type Decision, decide, type State } from "./decide.ts"
export type {
  Advance,
  ConnectionState,
  Engine,
  EngineListener,
  Ingest,
  Outcome,
  Position,
  Range,
  Snapshot,
} from "./engine.ts"
export { entryOf, type Row } from "./entry.ts"
export { newEpoch } from "./epoch.ts"
export { equalJson } from "./equal.ts"
export { freezeJson, toJson } from "./json.ts"
export { KeyedMap } from "./keyed-map.ts"
export { isReserved, RESERVED_PREFIX } from "./names.ts"
export { openStoreAtOnce, openStoreOn } from "./open.ts"
export { compareText } from "./order.ts"
export { tooOld } from "./position.ts"
