import { type ChannelCase, channelCase } from "./case.ts"
import { same } from "./claim.ts"
import { until } from "./follower.ts"

/** Enough to fill buffers, and to show an order that does not hold. */
const MANY = 300

/** Of several bytes in UTF-8, so that some stand where a channel cuts; 1.2 MB of them. */
const LARGE = "ä€😀\n".repeat(120_000)

/** Values that a channel could alter on the way. */
const DELICATE: readonly unknown[] = [
  null,
  "",
  "\u0000\ud83d\ude00\u2028\r\n\n",
  "data: x\n\nid: 7",
  0.1,
  Number.MAX_SAFE_INTEGER,
  [[], {}, [null]],
  JSON.parse('{"__proto__":{"polluted":true},"constructor":1}'),
]

/** What a channel carries. */
export const carryingCases: readonly ChannelCase[] = [
  channelCase("C6 tells changes in their order, each once", async ({ authority, follow }) => {
    const follower = follow()
    await follower.begin()
    const numbers = Array.from({ length: MANY }, (_, n) => n)
    for (const n of numbers) await authority.set("u", "a", n)
    await until(() => follower.values().length >= MANY)
    same(follower.values(), numbers, "the changes")
    const changes = follower.all("changes")
    const froms = changes.slice(1).map(({ from }) => from)
    same(
      froms,
      changes.slice(0, -1).map(({ to }) => to),
      "where each message goes on",
    )
  }),
  channelCase("C6 takes writes in their order, each once", async ({ authority, follow }) => {
    const follower = follow()
    const { epoch } = await follower.begin()
    const numbers = Array.from({ length: MANY }, (_, n) => n + 1)
    for (const n of numbers) follower.write(epoch, n, "a", n)
    await until(() => follower.all("ack").length >= MANY)
    same(
      follower.all("ack").map(({ mutation }) => mutation),
      numbers,
      "the answers",
    )
    same(follower.all("expected"), [], "gaps")
    const history = await authority.history("u", "a", { limit: MANY + 1 })
    same(
      history.map(({ value }) => value).toSorted((a, b) => Number(a) - Number(b)),
      numbers,
      "what was written",
    )
  }),
  channelCase(
    "C6 carries what was said before the link was open",
    async ({ authority, follow }) => {
      await authority.set("u", "a", 1)
      const follower = follow()
      follower.hello() // In the same turn as the link was asked for.
      follower.write(authority.epoch, 1, "b", 2)
      await follower.next("ack")
      await follower.next("changes")
      same(await authority.get("u", "b"), 2, "the write")
    },
  ),
  channelCase("C6 carries large messages both ways", async ({ authority, follow }) => {
    const follower = follow()
    const { epoch } = await follower.begin()
    follower.write(epoch, 1, "mine", LARGE)
    await follower.next("ack")
    same(await authority.get("u", "mine"), LARGE, "what was written")
    await authority.set("u", "theirs", `${LARGE}!`)
    await until(() => follower.values().length >= 2)
    same(follower.values(), [LARGE, `${LARGE}!`], "what was told")
    const second = follow()
    await second.begin()
    const [snapshot] = second.all("snapshot")
    same(
      snapshot?.rows.map(({ value }) => value),
      [LARGE, `${LARGE}!`],
      "the state",
    )
  }),
  channelCase("C6 alters no value on the way", async ({ authority, follow }) => {
    const follower = follow()
    const { epoch } = await follower.begin()
    for (const [index, value] of DELICATE.entries()) {
      follower.write(epoch, index + 1, `k${index}`, value)
    }
    await until(() => follower.all("ack").length >= DELICATE.length)
    await until(() => follower.values().length >= DELICATE.length)
    same(follower.values(), DELICATE, "what was told")
    for (const [index, value] of DELICATE.entries()) {
      same(await authority.get("u", `k${index}`), value, "what was written")
    }
  }),
  channelCase("C6 keeps links of one channel apart", async ({ authority, follow }) => {
    const [one, other] = [follow(), follow()]
    const { epoch } = await one.begin()
    await other.begin()
    one.write(epoch, 1, "a", "of one")
    await one.next("ack")
    await until(() => one.values().length > 0 && other.values().length > 0)
    same(other.all("ack"), [], "the answers that the other has heard")
    one.close()
    await authority.set("u", "a", "later")
    await until(() => other.values().length > 1)
    same(other.values(), ["of one", "later"], "what the other was told")
  }),
]
