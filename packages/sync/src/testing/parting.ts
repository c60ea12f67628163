import { type ChannelCase, channelCase } from "./case.ts"
import { same } from "./claim.ts"
import { until } from "./follower.ts"

/** How links end, and begin again. */
export const partingCases: readonly ChannelCase[] = [
  channelCase(
    "C6 tells the authority when a follower has closed its link",
    async ({ served, follow }) => {
      const follower = follow()
      await follower.begin()
      same(served.links(), 1, "the links")
      follower.close()
      await until(() => served.links() === 0)
      same(follower.ends, 0, "how often the follower was told of its own end")
    },
  ),
  channelCase(
    "C6 tells a follower once when the authority has ended its link",
    async ({ served, follow }) => {
      const follower = follow()
      await follower.begin()
      await served.cut()
      await until(() => follower.ends > 0)
      await until(() => served.links() === 0)
      const next = follow()
      await next.begin()
      same(follower.ends, 1, "how often it was told")
    },
  ),
  channelCase(
    "C6 ends its links when the store is closed",
    async ({ authority, served, follow }) => {
      const follower = follow()
      await follower.begin()
      await authority.close()
      await until(() => follower.ends > 0)
      await until(() => served.links() === 0)
    },
  ),
  channelCase(
    "C6 brings nothing more after a link is closed, and takes nothing",
    async ({ authority, served, follow }) => {
      const follower = follow()
      const { epoch } = await follower.begin()
      for (let n = 0; n < 20; n++) authority.set("u", "a", n)
      const { length } = follower.heard
      follower.close()
      follower.write(epoch, 1, "late", true)
      follower.close()
      await until(() => served.links() === 0)
      const next = follow()
      await next.begin()
      same(follower.heard.length, length, "how much it has heard")
      same(await authority.get("u", "late"), undefined, "what was written late")
    },
  ),
  channelCase(
    "C6 opens again as often as it was closed, from either side",
    async ({ authority, served, follow }) => {
      for (let round = 0; round < 10; round++) {
        const follower = follow()
        await follower.begin()
        await authority.set("u", "a", round)
        await until(() => follower.values().length > 0)
        same(follower.values(), [round], "what was told")
        if (round % 2 === 0) follower.close()
        else await served.cut()
        await until(() => served.links() === 0)
      }
    },
  ),
  channelCase("C6 can be closed before it is open", async ({ served, follow }) => {
    for (let round = 0; round < 10; round++) {
      const follower = follow()
      follower.hello()
      follower.close()
    }
    const next = follow()
    await next.begin()
    await until(() => served.links() === 1)
    next.close()
    await until(() => served.links() === 0)
  }),
]
