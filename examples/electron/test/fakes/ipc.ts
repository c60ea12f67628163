/** On which a page asks main for a port. */
export const CONNECT = "tidemark:connect"

/** On which main sends it. */
export const PORT = "tidemark:port"
