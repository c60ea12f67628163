import { readFile } from "node:fs/promises"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import path from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".wasm": "application/wasm",
}

/** A page without an origin of its own may run what it is served, and store nothing. */
const WITHOUT_ORIGIN = { "content-security-policy": "sandbox allow-scripts" }

/**
 * Serves the tab's page on loopback, with the worker as the package ships it; at `no-origin.html` the
 * same page without an origin.
 */
export async function servePage(): Promise<{ readonly url: string; close(): void }> {
  const dist = path.dirname(fileURLToPath(import.meta.resolve("@tidemark/sync/browser")))
  const bundle = await build({
    entryPoints: [path.join(import.meta.dirname, "page.ts")],
    bundle: true,
    write: false,
    format: "esm",
    conditions: ["import", "browser"],
    logLevel: "error",
  })
  const page = async () => `<!doctype html><script type="module" src="/page.js"></script>`
  const files: Readonly<Record<string, () => Promise<Uint8Array | string>>> = {
    "/index.html": page,
    "/no-origin.html": page,
    "/page.js": async () => bundle.outputFiles[0]?.text ?? "",
    "/opfs-worker.js": () => readFile(path.join(dist, "opfs-worker.js")),
    "/sqlite3.wasm": () => readFile(path.join(dist, "sqlite3.wasm")),
  }
  const server = createServer((request, response) => {
    const name = request.url === "/" ? "/index.html" : (request.url ?? "")
    const headers = {
      "content-type": TYPES[path.extname(name)] ?? "text/plain",
      "access-control-allow-origin": "*",
      ...(name === "/no-origin.html" ? WITHOUT_ORIGIN : {}),
    }
    const content = files[name]?.() ?? Promise.reject(new Error(`There is no ${name}`))
    content.then(
      (body) => response.writeHead(200, headers).end(body),
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
