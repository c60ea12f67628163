import { Agent, get } from "node:http"
import { type Hello, PROTOCOL } from "@tidemark/sync"
import { type Percentiles, percentilesOf } from "./percentiles.ts"
import { startProcess } from "./start-authority.ts"

/** Many event streams of one server while it writes. */
export interface Streams {
  readonly streams: number
  readonly perSecond: number
  /** Milliseconds from the write until a follower's text has it. */
  readonly delivery: Percentiles
  /** Bytes that the server's process grew by for each stream. */
  readonly bytesEach: number
  /** The server's processor time in that of the clock. */
  readonly busy: number
}

const PER_SECOND = 100

export async function measureStreams(
  count: number,
  changes: number,
  progress: (text: string) => void,
): Promise<Streams> {
  progress(`${count} event streams: opening`)
  const server = await startProcess({ durability: "none" })
  const { bytes: empty = 0 } = await server.weigh()
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY })
  const delays: number[] = []
  const followers = await Promise.all(
    Array.from({ length: count }, () => follow(server.url, agent, delays)),
  )
  const { bytes: full = 0, cpu: before = 0 } = await server.weigh()
  progress(`${count} event streams: ${PER_SECOND} changes a second`)
  const start = performance.now()
  const all = Promise.all(followers.map((follower) => follower.told(changes)))
  const { cpu: after = 0 } = await server.write({ changes, perSecond: PER_SECOND })
  await all
  const took = performance.now() - start
  for (const follower of followers) follower.end()
  agent.destroy()
  await server.close()
  return {
    streams: count,
    perSecond: PER_SECOND,
    delivery: percentilesOf(delays),
    bytesEach: (full - empty) / count,
    busy: (after - before) / took,
  }
}

interface StreamFollower {
  told(count: number): Promise<void>
  end(): void
}

/** Follows without a replica behind: who has a thousand of them in one process would measure these. */
async function follow(url: string, agent: Agent, delays: number[]): Promise<StreamFollower> {
  const client = crypto.randomUUID().replaceAll("-", "")
  const hello: Omit<Hello, "type"> = {
    protocol: PROTOCOL,
    client,
    epoch: null,
    position: 0,
    view: null,
    follow: null,
    schemas: {},
  }
  const request = get(`${url}?hello=${encodeURIComponent(JSON.stringify(hello))}`, { agent })
  let told = 0
  let wanted = Number.POSITIVE_INFINITY
  const { promise: enough, resolve } = Promise.withResolvers<void>()
  const { promise: welcome, resolve: welcomed, reject } = Promise.withResolvers<void>()
  request.on("error", reject)
  request.on("response", (response) => {
    if (response.statusCode !== 200) reject(new Error(`The stream answers ${response.statusCode}`))
    response.setEncoding("utf8")
    let rest = ""
    response.on("data", (part: string) => {
      const lines = (rest + part).split("\n")
      rest = lines.pop() ?? ""
      const now = performance.timeOrigin + performance.now()
      for (const line of lines) {
        if (line.includes('"type":"changes"')) welcomed()
        for (const [, sentAt] of line.matchAll(/"sentAt":([\d.]+)/g)) {
          delays.push(now - Number(sentAt))
          told++
        }
      }
      if (told >= wanted) resolve()
    })
  })
  await welcome
  return {
    told(count) {
      wanted = count
      if (told >= count) resolve()
      return enough
    },
    end: () => request.destroy(),
  }
}
