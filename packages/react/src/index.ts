"use client"

export { createHooks, type Hooks } from "./create-hooks.ts"
export type { DehydratedState } from "./dehydrated.ts"
export type { InfiniteKind } from "./growing-list.ts"
export { HydrationBoundary, type HydrationBoundaryProps } from "./hydration-boundary.tsx"
export type { Register, RegisteredKinds } from "./register.ts"
export { StoreProvider, type StoreProviderProps } from "./store-provider.tsx"
export {
  type ConsumerState,
  type UseConsumer,
  type UseConsumerOptions,
  useConsumer,
} from "./use-consumer.ts"
export { type DeleteEntry, type UseDelete, useDelete } from "./use-delete.ts"
export { type EntryState, type UseEntry, useEntry } from "./use-entry.ts"
export { type UseHistory, useHistory } from "./use-history.ts"
export { type UseInfiniteKind, useInfiniteKind } from "./use-infinite-kind.ts"
export { type KeyOptions, type UseKey, useKey } from "./use-key.ts"
export { type UseKind, useKind } from "./use-kind.ts"
export { useLive } from "./use-live.ts"
export { type UseSelect, useSelect } from "./use-select.ts"
export { type SetEntry, type UseSet, useSet } from "./use-set.ts"
export { useStatus } from "./use-status.ts"
export { type UseStore, useStore } from "./use-store.ts"
export { type UseSuspenseKey, useSuspenseKey } from "./use-suspense-key.ts"
export { type UseSuspenseKind, useSuspenseKind } from "./use-suspense-kind.ts"
export { type RunTransaction, type UseTransaction, useTransaction } from "./use-transaction.ts"
export { type UndoState, type UseUndo, useUndo } from "./use-undo.ts"
export { type UpdateEntry, type UseUpdate, useUpdate } from "./use-update.ts"
export { type UseWatch, type UseWatchOptions, useWatch } from "./use-watch.ts"
