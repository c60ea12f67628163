import { createServer } from "node:net"
import { StoreError } from "@tidemark/core"

/** Where the demo listens. */
export interface Address {
  readonly host: string
  readonly port: number
}

/** Reads `HOST` and `PORT`. @throws StoreError `invalid_value` for what cannot be a port. */
export function addressOf(env: NodeJS.ProcessEnv): Address {
  const port = Number(env.PORT || 3000)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new StoreError("invalid_value", `PORT is ${JSON.stringify(env.PORT)}`, {
      hint: "Give a number from 1 to 65535: PORT=3001 npm run demo",
    })
  }
  return { host: env.HOST || "127.0.0.1", port }
}

/** The address as people open it: `"http://127.0.0.1:3000"`. */
export function urlOf({ host, port }: Address): string {
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`
}

/** @throws StoreError `busy` when somebody listens there, `storage_unavailable` when nobody can. */
export async function checkFree({ host, port }: Address): Promise<void> {
  const server = createServer()
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject)
      server.listen({ host, port, exclusive: true }, resolve)
    })
  } catch (cause) {
    throw refusal({ host, port }, cause as NodeJS.ErrnoException)
  } finally {
    server.close()
  }
}

function refusal({ host, port }: Address, cause: NodeJS.ErrnoException): StoreError {
  const details = { host, port }
  if (cause.code === "EADDRINUSE") {
    return new StoreError("busy", `Port ${port} on ${host} is in use`, {
      details,
      hint: `Stop what listens there, or choose another: PORT=${port + 1} npm run demo`,
      cause,
    })
  }
  return new StoreError("storage_unavailable", `Nothing can listen on port ${port} of ${host}`, {
    details: { ...details, reason: cause.code },
    hint: "Choose another with HOST and PORT",
    cause,
  })
}
