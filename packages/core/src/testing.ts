export type { ContractCase, OpenStore } from "./testing/case.ts"
export { scopeContract, storeContract } from "./testing/contract.ts"
export { answeringLater } from "./testing/later.ts"
export { TestClock } from "./testing/test-clock.ts"
