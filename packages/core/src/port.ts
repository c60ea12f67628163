export { type Awaitable, isPromise, run, type Steps, wait } from "./awaitable.ts"
export type { StampedBatch } from "./batch.ts"
export { rowAfter } from "./change.ts"
export { plainContext } from "./context.ts"
export { type Decision, decide, type State } from "./decide.ts"
export type { DeclaredIndex } from "./declared-index.ts"
export type {
  Advance,
  CheckReport,
  ConnectionState,
  Engine,
  EngineContext,
  EngineListener,
  IndexPlace,
  Ingest,
  KindRange,
  KindsMoment,
  Moment,
  Outcome,
  Position,
  Pruned,
  Range,
  Retention,
  SeekPage,
  Snapshot,
  Sought,
  StorageFailure,
} from "./engine.ts"
export { type EntryName, entryOf, isExpired, isPresent, type Row } from "./entry.ts"
export { newEpoch } from "./epoch.ts"
export { equalValues } from "./equal.ts"
export { reportToConsole } from "./host.ts"
export { freezeJson, isJson, toJson } from "./json.ts"
export { KeyedMap } from "./keyed-map.ts"
export { isList, kindTest } from "./kind-range.ts"
export { LiveValue } from "./live-value.ts"
export { entryTest } from "./match.ts"
export { isReserved, RESERVED_PREFIX } from "./names.ts"
export { openStoreAtOnce, openStoreOn } from "./open.ts"
export { checkFunction, checkOptions } from "./options.ts"
export { compareText } from "./order.ts"
export { Packed, schemaOf, schemaTooNew } from "./packed.ts"
export { type PackedRecord, packedOf, recordOf } from "./packed-record.ts"
export { tooOld } from "./position.ts"
export { checkQuery, placeIn } from "./query.ts"
export { RefusedBatches, restsOnRefused } from "./refused.ts"
export { retain } from "./retain.ts"
export { isInScope, isScoped } from "./scope-name.ts"
export { STORE_OPTIONS } from "./store-options.ts"
export { type StoredFacts, storedFacts } from "./stored.ts"
export { type KindUsage, sizeOf, type Usage, usageStep } from "./usage.ts"
