/** A page asks main for a port, with a number of its choice; main answers with `PORT`. */
export const CONNECT = "tidemark:connect"

/** A port for a page, with the number that it was asked for with. */
export const PORT = "tidemark:port"

/** A window is about to close; the port that comes along is to be told how many writes are pending. */
export const FLUSH = "tidemark:flush"

/** How a preload script hands a port to its page. */
export type PortMessage =
  | { readonly type: typeof PORT; readonly request: number }
  | { readonly type: typeof FLUSH }

/** What a preload script gives to a page, as `window.tidemark`. */
export interface TidemarkBridge {
  /** Asks for a new port to the store. It comes in a message of the window that has the number given back. */
  connect(): number
}
