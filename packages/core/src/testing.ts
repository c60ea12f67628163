export type { ContractCase, OpenStore } from "./testing/case.ts"
export { scopeContract, storeContract } from "./testing/contract.ts"
export { answeringLater } from "./testing/later.ts"
