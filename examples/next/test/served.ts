import { mkdtemp, rm } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import path from "node:path"
import { type Address, urlOf } from "../demo/address.ts"
import { ensureBuild } from "../demo/ensure-build.ts"
import { preparePlaces } from "../demo/prepare-places.ts"
import { type Server, startServer } from "../demo/server.ts"

/** The application on a free port, with data of its own, that can be stopped and started again. */
export class Served {
  readonly url: string
  readonly folder: string
  readonly #address: Address
  #server: Server | undefined

  constructor(address: Address, folder: string) {
    this.#address = address
    this.folder = folder
    this.url = `${urlOf(address)}/`
  }

  /** Starts it, unless it runs. */
  async start(): Promise<void> {
    this.#server ??= await startServer(this.#address, path.join(this.folder, "data"))
  }

  /** Ends it as a person would. */
  async stop(): Promise<void> {
    await this.#server?.stop()
    this.#server = undefined
  }

  /** Ends it without a warning: `kill -9`. */
  async kill(): Promise<void> {
    process.kill(this.#server?.pid as number, "SIGKILL")
    await this.#server?.ended
    this.#server = undefined
  }

  async remove(): Promise<void> {
    await this.stop()
    await rm(this.folder, { recursive: true, force: true })
  }
}

/** Imports places, all or so many, and serves them. */
export async function serveAtlas(limit?: number): Promise<Served> {
  const folder = await mkdtemp(path.join(tmpdir(), "tidemark-atlas-"))
  const served = new Served({ host: "127.0.0.1", port: await freePort() }, folder)
  await preparePlaces({
    ATLAS_DATA: path.join(folder, "data"),
    ...(limit === undefined ? {} : { ATLAS_LIMIT: String(limit) }),
  } as unknown as NodeJS.ProcessEnv)
  await ensureBuild()
  await served.start()
  return served
}

/** A port on which nobody listens. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
