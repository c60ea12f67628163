import type { Random } from "../random.ts"
import { garbage, spoilt } from "./garbage.ts"
import { KINDS, MEMBERS, markOf, SCOPES } from "./world.ts"

/** What a stranger sends, and as whom. */
export interface Attempt {
  readonly who: string
  readonly request: Request
}

/** What a generator knows: as much as one who has read all that was ever sent. */
export interface Known {
  readonly epoch: string
  readonly position: number
  /** The next number of each client, by who and id. */
  readonly next: Map<string, number>
}

const OFTEN = Object.keys(MEMBERS).flatMap((who) => [who, who, who, who])
const WHO = ["eve", "__proto__", "", ...OFTEN] as const
/** Few, so that they are used by several. */
const CLIENTS = ["a", "b", "c", "d", "e", "f"].map((digit) => digit.repeat(32)) as [string]
const PLACES = ["none", "", "__proto__", "red/..", "%00", ...SCOPES] as const
const TYPES = ["text/plain", "application/jsonp", "multipart/form-data", ""] as const
const SITES = ["https://evil.test", "null", "http://app.test.evil.test"] as const

/** The next request: right, nearly right, or anything. */
export function attempt(random: Random, known: Known): Attempt {
  const who = random.of(WHO)
  const place = random.chance(0.8) ? (MEMBERS[who]?.scope ?? "red") : random.of(PLACES)
  const headers = new Headers({ "x-who": who })
  if (random.chance(0.03)) headers.set("origin", random.of(SITES))
  if (random.chance(0.03)) headers.set("sec-fetch-site", "cross-site")
  const url = `http://app.test/${place}`
  const kind = random.below(20)
  if (kind === 0) {
    const method = random.of(["PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"])
    return { who, request: new Request(url, { method, headers }) }
  }
  return kind < 5
    ? { who, request: following(random, known, url, headers) }
    : { who, request: writing(random, known, url, headers, { who, place }) }
}

function following(random: Random, known: Known, url: string, headers: Headers): Request {
  if (random.chance(0.2)) {
    headers.set("last-event-id", random.of(["1", "-1", "NaN", "1e99", "", "__proto__", "0x10"]))
  }
  const hello = {
    protocol: random.chance(0.05) ? 99 : 2,
    client: random.of(CLIENTS),
    epoch: random.of([null, known.epoch, "other"]),
    position: random.below(known.position + 5),
    view: random.of([null, "", "other"]),
    follow: random.of([
      null,
      KINDS.map((kind) => ({ kind })),
      [{ kind: "tidemark:clients" }, { kind: "tidemark:refusals" }],
      [{ kind: "open", prefix: "k", where: { a: 1 } }],
    ]),
    schemas: {},
  }
  const sent = random.chance(0.4) ? spoilt(random, hello) : hello
  const text = textOf(random, sent)
  // A string with half a surrogate has no place in an address.
  return new Request(`${url}?hello=${encodeURIComponent(text.toWellFormed())}`, { headers })
}

function writing(
  random: Random,
  known: Known,
  url: string,
  headers: Headers,
  { who, place }: { readonly who: string; readonly place: string },
): Request {
  headers.set("content-type", random.chance(0.97) ? "application/json" : random.of(TYPES))
  const client = random.of(CLIENTS)
  const expected = known.next.get(`${place} ${client}`) ?? 1
  const first = random.chance(0.8) ? expected : random.below(expected + 3)
  const message = {
    type: random.chance(0.99) ? "mutate" : "hello",
    client,
    epoch: random.chance(0.97) ? known.epoch : "other",
    answered: random.below(first + 1),
    since: random.chance(0.97) ? Date.now() : random.of([0, -1, 1e300]),
    kept: random.chance(0.5),
    mutations: Array.from({ length: 1 + random.below(3) }, (_, index) =>
      mutation(random, who, place, first + index),
    ),
  }
  const text = textOf(random, random.chance(0.4) ? spoilt(random, message) : message)
  return new Request(url, {
    method: "POST",
    headers,
    body: bodyOf(random, new TextEncoder().encode(text)),
    duplex: "half",
  } as RequestInit)
}

function mutation(random: Random, who: string, place: string, number: number): object {
  const kinds = MEMBERS[who]?.kinds ?? KINDS
  const ops = Array.from({ length: 1 + random.below(3) }, () => {
    const kind = random.chance(0.9) ? random.of(kinds as [string]) : random.of(KINDS as [string])
    const key = `k${random.below(10)}`
    const value = random.chance(0.3)
      ? garbage(random)
      : `${markOf(place, kind)}: ${random.below(9)}`
    const type = random.of(["set", "set", "set", "delete", "touch", "expire"])
    return type === "set" ? { type, kind, key, value } : { type, kind, key }
  })
  if (random.chance(0.9)) return { mutation: number, ops }
  const expect = random.of<object>([
    [{ quota: { scope: random.of(SCOPES as [string]), bytes: 0 } }],
    [{ kind: random.of(KINDS as [string]), key: "first", version: "absent" }],
    [{ kind: "vault", unchangedSince: 0 }],
  ])
  return { mutation: number, ops, expect, idempotencyKey: random.of(["one", "two"]) }
}

function textOf(random: Random, value: unknown): string {
  const text = JSON.stringify(value) ?? ""
  if (!random.chance(0.05)) return text
  return random.of([
    text.slice(0, random.below(text.length + 1)),
    `${text}}`,
    "",
    "{",
    "[".repeat(9_999),
  ])
}

/** A body that comes at once, in parts, cut off, without end, or of bytes that are no text. */
function bodyOf(
  random: Random,
  bytes: Uint8Array,
): ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> {
  const way = random.below(60)
  if (way === 0) return new Uint8Array([0xff, 0xfe, ...bytes.slice(0, 100)])
  if (way > 6) return bytes as Uint8Array<ArrayBuffer>
  let at = 0
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      await new Promise((resolve) => setImmediate(resolve))
      if (way === 1) return controller.enqueue(new Uint8Array(256 * 1024)) // Without end.
      if (way === 2 && at > bytes.length / 2) return new Promise(() => {}) // Silent from here on.
      if (way === 3 && at > bytes.length / 2) return controller.error(new Error("cut off"))
      if (at >= bytes.length) return controller.close()
      const size = 1 + Math.ceil(bytes.length / 7)
      controller.enqueue(bytes.slice(at, at + size))
      at += size
    },
  })
}
