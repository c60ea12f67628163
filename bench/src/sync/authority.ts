// A store in a thread or a process of its own, to which others come by a port or over HTTP.

import type { MessagePort } from "node:worker_threads"
import { parentPort, workerData } from "node:worker_threads"
import type { Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/better-sqlite3"
import { openStore as openMemoryStore } from "@tidemark/core/memory"
import { serve } from "@tidemark/sync"
import { createHandler } from "@tidemark/sync/http-handler"
import { messagePortEnd } from "@tidemark/sync/message-port"
import { listen } from "@tidemark/sync/node"
import { readCities } from "../../../examples/next/import/cities.ts"
import { task, taskKey } from "../task.ts"

/** What an authority is told to be. */
export interface AuthoritySettings {
  /** In memory without one. */
  readonly path?: string
  readonly durability: "full" | "process" | "none"
  /** Places to begin with. */
  readonly places?: number
}

/** What an authority is told to do; each is answered. */
export type Order =
  | { readonly serve: MessagePort; readonly pings: MessagePort }
  | { readonly listen: true }
  | { readonly write: { readonly changes: number; readonly perSecond: number } }
  | { readonly weigh: true }

/** What an authority answers. */
export interface Report {
  readonly url?: string
  /** Bytes of the process, after a collection of garbage. */
  readonly bytes?: number
  /** Milliseconds of processor time that the process has had. */
  readonly cpu?: number
}

const LIMITS = {
  streamsEach: Number.POSITIVE_INFINITY,
  opensEach: Number.POSITIVE_INFINITY,
  writesEach: Number.POSITIVE_INFINITY,
}

const isThread = parentPort !== null
const settings: AuthoritySettings = isThread
  ? (workerData as AuthoritySettings)
  : (JSON.parse(process.argv[2] ?? "") as AuthoritySettings)
const store = await openAuthority(settings)
const report = (answer: Report) => {
  if (isThread) parentPort?.postMessage(answer)
  else process.send?.(answer)
}
const take = (order: Order) => {
  obey(order).then(report, (error: unknown) => {
    throw error
  })
}
if (isThread) parentPort?.on("message", take)
else {
  process.on("message", take)
  process.on("disconnect", () => process.exit())
}
report({})

async function obey(order: Order): Promise<Report> {
  if ("serve" in order) {
    serve(store, messagePortEnd(order.serve), { authorization: { principal: "bench" } })
    order.pings.on("message", (ping) => order.pings.postMessage(ping))
    return {}
  }
  if ("listen" in order) return { url: await listenTo() }
  if ("write" in order) await write(order.write)
  globalThis.gc?.()
  return { bytes: process.memoryUsage.rss(), cpu: process.cpuUsage().user / 1000 }
}

/** Serves the store, its places as one JSON text, and an echo, which is the least that a server does. */
async function listenTo(): Promise<string> {
  const authorize = () => ({ principal: "bench" })
  const handler = createHandler(store, { authorize, limits: LIMITS })
  const json = { headers: { "content-type": "application/json" } }
  const plain = JSON.stringify(await store.list("places"))
  const { url } = await listen(async (request) => {
    const { pathname } = new URL(request.url)
    if (pathname === "/echo") return new Response(await request.text(), json)
    if (pathname === "/places") return new Response(plain, json)
    return handler(request)
  })
  return url
}

/** Writes at an even pace, each entry with the time at which it was written. */
function write({ changes, perSecond }: { changes: number; perSecond: number }): Promise<void> {
  return new Promise((resolve) => {
    const start = performance.now()
    let written = 0
    const timer = setInterval(() => {
      const due = Math.min(changes, ((performance.now() - start) / 1000) * perSecond)
      for (; written < due; written++) {
        // Each is a new entry, so that no change carries a value of before.
        store.set("tasks", taskKey(written), { ...task(written), sentAt: now() })
      }
      if (written < changes) return
      clearInterval(timer)
      resolve()
    }, 1)
  })
}

/** Milliseconds on a clock that all processes of the machine share. */
function now(): number {
  return performance.timeOrigin + performance.now()
}

async function openAuthority({ path, durability, places = 0 }: AuthoritySettings): Promise<Store> {
  const opened =
    path === undefined || durability === "none"
      ? openMemoryStore()
      : openStore({ path, durability })
  if (places > 0) await opened.setMany("places", (await readCities(places)).places)
  return opened
}
