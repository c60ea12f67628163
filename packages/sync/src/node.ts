import { StoreError } from "@tidemark/core"
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
  close(): Promise<void>
}

/**
 * Serves a web-standard handler on Node.
 *
 * @example
 * const { url } = await listen(createHandler(store, { authorize }), { port: 8080 })
 * @throws StoreError `busy` when the port is in use, `storage_unavailable` when it cannot be opened.
 */
export async function listen(
  handler: (request: Request) => Response | Promise<Response>,
  options: ListenOptions = {},
): Promise<Listening> {
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
  return { url: String(server.url), close: () => server.close(true) }
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
