export type { ChannelCase, ServedChannel, ServeOver } from "./testing/case.ts"
export { channelContract } from "./testing/contract.ts"
export { type HostileOptions, hostileChannel } from "./testing/hostile.ts"
export { seededRandom } from "./testing/random.ts"
