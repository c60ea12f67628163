export type { Authorize } from "./access.ts"
export type { Authorization } from "./authorization.ts"
export { type SharedLimits, shareLimits } from "./bounds.ts"
export type { Channel, Link, LinkReceiver } from "./channel.ts"
export { type ConnectOptions, connect, reconnect } from "./connect.ts"
export type { FollowTarget } from "./follow.ts"
export type { Limits } from "./limits.ts"
export type {
  Answer,
  ClientMessage,
  FeedMessage,
  Hello,
  Mutate,
  Mutation,
  ServerMessage,
} from "./message.ts"
export { PROTOCOL } from "./protocol.ts"
export type { ReplicaStorage } from "./replica-options.ts"
export { type ServeOptions, type ServerEnd, serve } from "./serve.ts"
export type { Progress } from "./snapshot-parts.ts"
