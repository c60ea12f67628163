import { channelContract } from "@tidemark/sync/testing"
import { describe, it } from "vitest"
import { channels } from "./channels.ts"

describe.each(Object.entries(channels))("the channel contract over %s", (_, serve) => {
  for (const { name, run } of channelContract) it(name, () => run(serve))
})
