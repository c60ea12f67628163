import { PROTOCOL } from "../protocol.ts"
import { type Bench, type ChannelCase, channelCase } from "./case.ts"
import { same } from "./claim.ts"
import { Follower, NEW, until } from "./follower.ts"

const CLIENT = "0".repeat(32)
const HELLO = { ...NEW, protocol: PROTOCOL, client: CLIENT }
const ASK = { type: "ask", follow: null }
const asked = (query: object, limit: number) => ({
  id: 1,
  read: { type: "find", kind: "u", query, limit },
})
const MUTATE = { type: "mutate", client: CLIENT, epoch: "", answered: 0, mutations: [] }

/** What no follower of good will sends. */
const HOSTILE: Readonly<Record<string, () => unknown>> = {
  nothing: () => null,
  "a number": () => 7,
  "a text": () => "hello",
  "a list": () => [HELLO],
  "an empty object": () => ({}),
  "an unknown type": () => ({ type: "drop" }),
  "the name of a prototype's property as type": () => ({ type: "__proto__" }),
  "another property's name as type": () => ({ ...HELLO, type: "constructor" }),
  "a type that is an object": () => ({ ...HELLO, type: { type: "hello" } }),
  "a hello as the prototype": () => JSON.parse(`{"__proto__":${JSON.stringify(HELLO)}}`),
  "a prototype to be changed": () => JSON.parse('{"type":"drop","__proto__":{"polluted":true}}'),
  "a client id that is a path": () => ({ ...HELLO, client: "../../etc/passwd" }),
  "a position below zero": () => ({ ...HELLO, position: -1 }),
  "a position that is no number": () => ({ ...HELLO, position: "0" }),
  "kinds that are none": () => ({ ...HELLO, follow: [{}] }),
  "a condition that is none": () => ({ ...HELLO, follow: [{ kind: "u", where: { $of: 1 } }] }),
  "a condition that is deeply nested": () => ({
    ...HELLO,
    follow: [{ kind: "u", where: { $not: nested(1_000) } }],
  }),
  "a kind that is named twice": () => ({ ...HELLO, follow: [{ kind: "u" }, { kind: "u" }] }),
  "a field too many": () => ({ ...HELLO, admin: true }),
  "a huge client id": () => ({ ...HELLO, client: "0".repeat(8_000_000) }),
  "a huge number of wrong writes": () => ({
    ...MUTATE,
    mutations: Array.from({ length: 100_000 }, () => ({})),
  }),
  "writes that are no list": () => ({ ...MUTATE, mutations: { length: 3 } }),
  "a question about nothing": () => ({
    ...ASK,
    asks: [{ id: 1, read: { type: "row", kind: "u" } }],
  }),
  "a question for everything": () => ({ ...ASK, asks: [asked({ where: {} }, 1e9)] }),
  "a question by a condition that is deeply nested": () => ({
    ...ASK,
    asks: [asked({ where: { $not: nested(1_000) } }, 1)],
  }),
  "a huge number of questions": () => ({
    ...ASK,
    asks: Array.from({ length: 10_000 }, () => asked({}, 1)),
  }),
  "a write without a number": () => ({ ...MUTATE, mutations: [{ ops: [] }] }),
  "an op that is deeply nested": () => ({
    ...MUTATE,
    mutations: [{ mutation: 1, ops: nested(1_000) }],
  }),
}

/** What a channel and the authority behind it refuse. */
export const refusingCases: readonly ChannelCase[] = [
  channelCase("C6 answers another protocol with those that it speaks", async ({ follow }) => {
    const follower = follow()
    follower.hello(PROTOCOL + 1_000)
    const told = await follower.next("incompatible")
    same(told.reason === "protocol" && told.min <= PROTOCOL && PROTOCOL <= told.max, true, "ours")
  }),
  channelCase("C6 refuses a write with the code of its error", async ({ follow }) => {
    const follower = follow()
    const { epoch } = await follower.begin()
    follower.write(epoch, 1, "a", 1, "secrets")
    const { error } = await follower.next("reject")
    same(error.code, "unauthorized", "the code")
    follower.write(epoch, 2, "a", 1)
    same((await follower.next("ack")).mutation, 2, "the next write")
  }),
  channelCase("C6 denies a client id to everybody but its owner", async ({ follow, serveTo }) => {
    const owner = follow()
    const { epoch } = await owner.begin()
    owner.write(epoch, 1, "a", 1)
    await owner.next("ack")
    const other = await serveTo("somebody else")
    const thief = new Follower(other.channel, owner.client)
    thief.hello()
    same((await thief.next("denied")).error.code, "unauthorized", "the code")
    thief.close()
  }),
  ...Object.entries(HOSTILE).map(([what, make]) =>
    channelCase(`C6 withstands ${what}`, async (bench) => {
      await bench.served.inject(make())
      await unharmed(bench)
    }),
  ),
]

/** The authority has taken nothing of it, has let go of the link, and serves the next one. */
async function unharmed({ authority, served, follow }: Bench): Promise<void> {
  await until(() => served.links() === 0)
  same(authority.position, 0, "the position")
  same(({} as { polluted?: boolean }).polluted, undefined, "the prototype of objects")
  const follower = follow()
  const { epoch } = await follower.begin()
  follower.write(epoch, 1, "a", 1)
  await follower.next("ack")
  same(await authority.get("u", "a"), 1, "the next write")
}

function nested(depth: number): unknown {
  let value: unknown = []
  for (let level = 0; level < depth; level++) value = [value]
  return value
}
