import { createServer } from "node:http"
import type { AddressInfo } from "node:net"

/** What a page's server has: a body with its type, by path. */
export type Files = ReadonlyMap<string, { readonly type: string; readonly body: string | Buffer }>

/** With these, a page's clock has steps of 5 µs in place of 100. */
const ISOLATED = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
}

/** Serves files on loopback. */
export async function serveFiles(files: Files): Promise<{ url: string; close(): void }> {
  const server = createServer(({ url = "/" }, response) => {
    const file = files.get(url.slice(1))
    if (file === undefined) {
      response.writeHead(404).end()
      return
    }
    response.writeHead(200, { ...ISOLATED, "content-type": file.type }).end(file.body)
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

/** A page that runs one script. */
export function pageOf(script: string): { readonly type: string; readonly body: string } {
  const body = `<!doctype html><meta charset="utf-8"><body><script type="module" src="/${script}"></script>`
  return { type: "text/html", body }
}
