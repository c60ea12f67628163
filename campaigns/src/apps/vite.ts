import { build, createServer, type InlineConfig, preview } from "vite"
import { install, visitsApp } from "./installed.ts"

/** An application that runs. */
export interface ServedApp {
  readonly url: string
  close(): Promise<void>
}

const HERE = { port: 0, host: "127.0.0.1" }

/** Serves the application of Vite: while it is developed, or as it is built. */
export async function serveVite(mode: "developed" | "built"): Promise<ServedApp> {
  const { folder, remove } = await install(visitsApp("vite", []))
  const options: InlineConfig = { root: folder, configFile: false, logLevel: "warn" }
  const server = await (mode === "developed" ? develop(options) : serveBuilt(options))
  return {
    url: server.resolvedUrls?.local[0] ?? "",
    async close() {
      await server.close()
      await remove()
    },
  }
}

async function develop(options: InlineConfig) {
  const server = await createServer({ ...options, server: HERE })
  return server.listen()
}

async function serveBuilt(options: InlineConfig) {
  await build(options)
  return preview({ ...options, preview: HERE })
}
