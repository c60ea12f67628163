/** A page asks for a port, with a number of its choice; main answers with `PORT`. */
export const CONNECT = "tidemark:connect"

/** A port for the page, with the number that it was asked for with. */
export const PORT = "tidemark:port"

/** The window is about to close; the port that comes along is told how many writes are pending. */
export const CLOSING = "notes:closing"

/** How the preload script hands a port to its page. */
export interface PortMessage {
  readonly type: typeof PORT
  readonly request: number
}

/** How the preload script tells its page that the window is about to close. */
export interface ClosingMessage {
  readonly type: typeof CLOSING
}

/** What the preload script gives to a page, as `window.tidemark`. */
export interface TidemarkBridge {
  /** Asks for a new port to the store. It comes in a `PortMessage` that has the number given back. */
  connect(): number
}

/** The name of the query parameter that tells a page which window it is. */
export const WINDOW_PARAMETER = "window"

/** The argument that tells the preload script the origin of the application's own pages. */
export const ORIGIN_ARGUMENT = "--notes-origin="
