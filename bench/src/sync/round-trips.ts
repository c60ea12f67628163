import { once } from "node:events"
import { connect } from "@tidemark/sync"
import { httpChannel } from "@tidemark/sync/http-client"
import { messagePortChannel } from "@tidemark/sync/message-port"
import { timed } from "../case.ts"
import { freshFile } from "../folder.ts"
import { task, taskKey } from "../task.ts"
import type { AuthoritySettings } from "./authority.ts"
import { type Percentiles, percentilesOf } from "./percentiles.ts"
import { startProcess, startThread } from "./start-authority.ts"

/** Awaited writes of a replica on one channel, beside a bare message and its echo. */
export interface RoundTrips {
  readonly channel: "MessagePort" | "HTTP"
  readonly durability: AuthoritySettings["durability"]
  readonly ping: Percentiles
  readonly write: Percentiles
}

type Channels = Readonly<Record<RoundTrips["channel"], typeof overPorts>>

const DURABILITIES = ["none", "process", "full"] as const

/** One after the other, on each channel and with each durability of the authority. */
export async function measureRoundTrips(
  count: number,
  progress: (text: string) => void,
): Promise<readonly RoundTrips[]> {
  const measured: RoundTrips[] = []
  for (const [name, over] of Object.entries(channels)) {
    for (const durability of DURABILITIES) {
      progress(`round trips over ${name}, durability ${durability}`)
      const path = freshFile()
      const { ping, write, close } = await over({ path, durability })
      const pings: number[] = []
      const writes: number[] = []
      // In turns; the first ones make the code warm.
      for (let n = -Math.ceil(count / 10); n < count; n++) {
        const [pinged, written] = [await timed(() => ping(n)), await timed(() => write(n))]
        if (n < 0) continue
        pings.push(pinged)
        writes.push(written)
      }
      await close()
      const channel = name as RoundTrips["channel"]
      const [a, b] = [percentilesOf(pings), percentilesOf(writes)]
      measured.push({ channel, durability, ping: a, write: b })
    }
  }
  return measured
}

async function overPorts(settings: AuthoritySettings) {
  const server = await startThread(settings)
  const store = connect(messagePortChannel(() => server.port))
  await store.list("tasks")
  return {
    async ping(n: number) {
      const answered = once(server.pings, "message")
      server.pings.postMessage({ value: task(n) })
      await answered
    },
    write: (n: number) => store.set("tasks", taskKey(Math.abs(n) % 100), task(n)),
    async close() {
      await store.close()
      await server.close()
    },
  }
}

async function overHttp(settings: AuthoritySettings): ReturnType<typeof overPorts> {
  const server = await startProcess(settings)
  const store = connect(httpChannel(server.url))
  await store.list("tasks")
  return {
    async ping(n: number) {
      const body = JSON.stringify({ value: task(n) })
      const answer = await fetch(new URL("/echo", server.url), { method: "POST", body })
      await answer.json()
    },
    write: (n: number) => store.set("tasks", taskKey(Math.abs(n) % 100), task(n)),
    async close() {
      await store.close()
      await server.close()
    },
  }
}

const channels: Channels = { MessagePort: overPorts, HTTP: overHttp }
