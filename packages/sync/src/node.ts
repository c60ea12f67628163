import { StoreError, systemClock } from "@tidemark/core"
import { checkFunction } from "@tidemark/core/engine"
import { serve } from "srvx/node"

export interface ListenOptions {
  /** Default 0: any that is free. */
  readonly port?: number
  /** Default `"127.0.0.1"`: this machine only. */
  readonly host?: string
}

/** A server that answers. */
export interface Listening {
  readonly url: string
  /**
   * Ends it. A handler that can be closed, such as that of `createHandler`, is closed first, and
   * what it has answered is sent; others are cut off.
   */
  close(): Promise<void>
}

/** What can be served: a web-standard handler, with an end of its own or without. */
export interface Served {
  (request: Request): Response | Promise<Response>
  close?(): Promise<void>
}

/** How long connections may take for the rest of what was answered, in milliseconds. */
const LAST_WORDS = 1_000

/**
 * Serves a web-standard handler on Node.
 *
 * @example
 * const { url } = await listen(createHandler(store, { authorize }), { port: 8080 })
 * @throws StoreError `busy` when the port is in use, `storage_unavailable` when it cannot be opened.
 */
export async function listen(handler: Served, options: ListenOptions = {}): Promise<Listening> {
  checkFunction("What listen() was given", handler, "(request) => Promise<Response>")
  const { port = 0, host: hostname = "127.0.0.1" } = options
  const server = serve({
    fetch: handler,
    port,
    hostname,
    manual: true,
    silent: true,
    gracefulShutdown: false,
  })
  const failed = new Promise<never>((_, reject) => {
    server.node?.server?.once("error", (cause: Error & { code?: string }) =>
      reject(faultOf(cause, hostname, port)),
    )
  })
  await Promise.race([server.serve(), failed])
  await Promise.race([server.ready(), failed])
  let closing: Promise<void> | undefined
  return {
    url: String(server.url),
    close() {
      closing ??= closed(server, handler)
      return closing
    },
  }
}

async function closed(server: ReturnType<typeof serve>, handler: Served): Promise<void> {
  if (handler.close === undefined) return server.close(true)
  // It still listens meanwhile, so that who comes is told to come later.
  await handler.close()
  const cancel = systemClock.after(LAST_WORDS, () => {
    server.close(true)
  })
  await server.close()
  cancel()
}

function faultOf(cause: Error & { code?: string }, host: string, port: number): StoreError {
  const isBusy = cause.code === "EADDRINUSE"
  return new StoreError(
    isBusy ? "busy" : "storage_unavailable",
    `Cannot listen on ${host}:${port}: ${cause.message}`,
    {
      details: { host, port },
      hint: isBusy
        ? "Another program has this port; choose another one with PORT"
        : "Choose another host or port",
      cause,
    },
  )
}
