import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { Fault } from "../ledger.ts"
import { Random } from "../random.ts"
import { attempt, type Known } from "./requests.ts"
import { KINDS, markOf, openWorld, SCOPES, secretsOf, type World } from "./world.ts"

export interface StrangersOptions {
  readonly requests: number
  readonly seed: number
  readonly progress: (report: StrangersReport) => void
}

export interface StrangersReport {
  readonly requests: number
  /** How often each status was answered. */
  readonly statuses: Readonly<Record<number, number>>
  /** Mutations that were applied. */
  readonly applied: number
  /** What the heap has grown by from the first tenth to the end, in bytes. */
  readonly growth: number
}

/** So many ask at the same time. */
const TOGETHER = 16
/** What a run may hold on to: what is kept of the store, and no more with more requests. */
const MOST_GROWTH = 48 * 1024 * 1024
const TOLD = [200, 400, 403, 405, 408, 413, 415, 429]

/**
 * Sends requests of strangers to a handler with two scopes: none may break it, learn what is not
 * its own, alter a prototype, or make it hold on to memory.
 *
 * @throws Fault that names the seed.
 */
export async function strangers(options: StrangersOptions): Promise<StrangersReport> {
  const { requests, seed, progress } = options
  const random = new Random(seed)
  const prototypes = namesOfPrototypes()
  const unhandled: unknown[] = []
  const note = (error: unknown) => unhandled.push(error)
  process.on("unhandledRejection", note)
  // The timers of a handler do not keep a process alive: here they are all that is waited for.
  const alive = setInterval(() => {}, 1_000)
  const world = await openWorld()
  const statuses: Record<number, number> = {}
  let applied = 0
  let done = 0
  let early: number | undefined
  const next = new Map<string, number>()
  const report = (growth: number) => ({ requests: done, statuses, applied, growth })
  try {
    while (done < requests) {
      const known: Known = { epoch: world.store.epoch, position: world.store.position, next }
      const together = Array.from({ length: Math.min(TOGETHER, requests - done) }, () =>
        attempt(random, known),
      )
      const answers = await Promise.all(
        together.map(({ who, request }) => answerTo(world, who, request, seed)),
      )
      for (const { status, acks, place } of answers) {
        statuses[status] = (statuses[status] ?? 0) + 1
        applied += acks.length
        for (const [client, number] of acks) {
          const name = `${place} ${client}`
          next.set(name, Math.max(next.get(name) ?? 1, number + 1))
        }
      }
      done += together.length
      check(world, unhandled, prototypes, seed)
      if (early === undefined && done >= requests / 10) early = heap()
      progress(report(0))
    }
    await world.handler.close()
    await checkSecrets(world, seed)
    const growth = heap() - (early ?? 0)
    if (growth > MOST_GROWTH) throw new Fault(`seed ${seed}: the heap has grown by ${growth} bytes`)
    return report(growth)
  } finally {
    await world.handler.close()
    await world.store.close()
    process.off("unhandledRejection", note)
    clearInterval(alive)
  }
}

interface Answered {
  readonly status: number
  readonly place: string
  readonly acks: readonly (readonly [client: string, mutation: number])[]
}

async function answerTo(
  { handler }: World,
  who: string,
  request: Request,
  seed: number,
): Promise<Answered> {
  const response = await handler(request.clone() as Request)
  const { status } = response
  if (!TOLD.includes(status)) throw new Fault(`seed ${seed}: answered ${status}`)
  const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") === true
  const text = isStream ? await beginningOf(response) : await response.text()
  for (const secret of secretsOf(who)) {
    if (text.includes(secret))
      throw new Fault(`seed ${seed}: ${who || "nobody"} was told a ${secret}`)
  }
  const place = new URL(request.url).pathname.slice(1)
  return { status, place, acks: status === 200 && !isStream ? await acksOf(request, text) : [] }
}

/** What a stream tells first; some readers leave without a word, and some take nothing. */
async function beginningOf(response: Response): Promise<string> {
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  let text = ""
  for (let part = 0; part < 5 && !text.includes('"changes"'); part++) {
    const { done, value } = await reader.read()
    if (done) return text
    text += new TextDecoder().decode(value)
  }
  // Not cancelled: who has gone is noticed by what it leaves.
  if (text.length % 8 !== 0) await reader.cancel()
  return text
}

async function acksOf(request: Request, text: string): Promise<Answered["acks"]> {
  const { client } = JSON.parse(await request.text()) as { client: string }
  const answers = JSON.parse(text) as { type: string; mutation: number }[]
  return answers
    .filter(({ type }) => type === "ack" || type === "reject")
    .map(({ mutation }) => [client, mutation] as const)
}

function check(world: World, unhandled: unknown[], prototypes: string, seed: number): void {
  if (world.failures.length > 0) throw new Fault(`seed ${seed}: failed with ${world.failures[0]}`)
  if (unhandled.length > 0) throw new Fault(`seed ${seed}: nobody handled ${unhandled[0]}`)
  if (namesOfPrototypes() !== prototypes) throw new Fault(`seed ${seed}: a prototype was altered`)
}

async function checkSecrets({ store }: World, seed: number): Promise<void> {
  for (const scope of SCOPES) {
    const known = await store.scope(scope).get("vault", "first")
    const isWhole = (await store.scope(scope).count("vault")) === 1
    if (known !== markOf(scope, "vault") || !isWhole) {
      throw new Fault(`seed ${seed}: the vault of ${scope} was written to`)
    }
    const strange = (await store.scope(scope).kinds()).filter((kind) => !KINDS.includes(kind))
    if (strange.length > 0) throw new Fault(`seed ${seed}: ${scope} has the kinds ${strange}`)
  }
}

function namesOfPrototypes(): string {
  return [Object, Array, Function, Map, Promise]
    .flatMap(({ prototype }) => Reflect.ownKeys(prototype).map(String))
    .join()
}

function heap(): number {
  setFlagsFromString("--expose-gc")
  ;(runInNewContext("gc") as () => void)()
  return process.memoryUsage().heapUsed
}
