export type { ChannelCase, ServedChannel, ServeOver } from "./testing/case.ts"
export { channelContract } from "./testing/contract.ts"
