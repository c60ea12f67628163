// Runs in Bun: serves a store over HTTP and prints the address. Ends with its input.
import { createInterface } from "node:readline"
import { openStore } from "@tidemark/core/bun-sqlite"
import { createHandler } from "@tidemark/sync/http-handler"

const [path, port] = process.argv.slice(2)
const store = openStore({ path })
const fetch = createHandler(store, { authorize: () => ({ principal: "me" }) })
const server = Bun.serve({ port: Number(port), hostname: "127.0.0.1", fetch, idleTimeout: 60 })
process.stdout.write(`${server.url}\n`)
for await (const line of createInterface(process.stdin)) {
  const { key, value } = JSON.parse(line)
  await store.set("u", key, value)
}
await fetch.close()
await server.stop(true)
await store.close()
