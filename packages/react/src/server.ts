export { dehydrate, type HydrationRequest } from "./dehydrate.ts"
export type { DehydratedState } from "./dehydrated.ts"
