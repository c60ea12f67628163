export type { Awaitable } from "./awaitable.ts"
export type {
  Batch,
  BatchResult,
  DeleteResult,
  Expectation,
  ExpectedVersion,
  Op,
  OpResult,
  Quota,
  ScopeQuota,
  Seen,
  SetResult,
} from "./batch.ts"
export type { Change, ChangeType } from "./change.ts"
export { type Clock, systemClock } from "./clock.ts"
export type { Codec } from "./codec.ts"
export type { Signal } from "./commits.ts"
export type {
  ConsumeOptions,
  Consumer,
  ConsumerStatus,
  Handler,
  HandlerContext,
  HandlerSignal,
} from "./consume.ts"
export type { From, OnGap } from "./cursor.ts"
export { type DeriveOptions, derive } from "./derive.ts"
export type { EndOptions } from "./end.ts"
export type { CheckReport, ConnectionState, Quarantined, StorageFailure } from "./engine.ts"
export type { Entry } from "./entry.ts"
export { type ErrorCode, type ErrorFacts, type ErrorRecord, StoreError } from "./errors.ts"
export type { Json } from "./json.ts"
export type { GeneralCodec, KindIndex, KindOptions, Upcasts } from "./kind-options.ts"
export {
  defineKinds,
  type InputOf,
  type KindDefinition,
  type KindName,
  type Kinds,
  kind,
  type ValueOf,
} from "./kinds.ts"
export type { TextSource } from "./lines.ts"
export type { Live, LiveStatus } from "./live.ts"
export type { LoadOptions } from "./load.ts"
export type {
  MigratedKind,
  MigrationOptions,
  MigrationProgress,
  MigrationReport,
  StoredForm,
} from "./migration.ts"
export type { Parked, ParkedError } from "./parked.ts"
export {
  type Comparison,
  type Field,
  type OrderBy,
  type OrderTerm,
  type Query,
  queryId,
  type Where,
} from "./query.ts"
export type { EntryOf, ScanOptions, StoreSnapshot } from "./reading.ts"
export type { RetentionOptions } from "./retention.ts"
export type { Reader, Scope, Store, Watcher, Writer } from "./store.ts"
export type { StoreOptions } from "./store-options.ts"
export type { StoreStatus } from "./store-status.ts"
export type { Target } from "./target.ts"
export type { StagedOptions, Transaction } from "./transaction.ts"
export type { Failure, RetryOptions } from "./trouble.ts"
export { createUndo, type Undo, type UndoOptions } from "./undo.ts"
export type { ScopeUsage } from "./usage.ts"
export type { Observer, Subscription, Watch, WatchOptions } from "./watch.ts"
export type { EntryWriteOptions, SetOptions, WriteOptions } from "./writing.ts"
