/** The locks of a browser's origin, as far as they are used here; some hosts have none. */
export type Locks = Pick<LockManager, "request">

/** What the pages and workers of an origin find each other by: the host's own, or those of a simulated one. */
export interface Origin {
  readonly locks: Locks | undefined
  /** A BroadcastChannel of a name. */
  broadcast(name: string): BroadcastChannel
  /** Two ends of a way that nobody else has. */
  ports(): Pick<MessageChannel, "port1" | "port2">
}

/** The origin of this page, worker or process. */
export const hostOrigin: Origin = {
  get locks() {
    return (globalThis.navigator as { readonly locks?: Locks } | undefined)?.locks
  },
  broadcast: (name) => new BroadcastChannel(name),
  ports: () => new MessageChannel(),
}
