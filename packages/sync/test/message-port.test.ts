import type { ServerMessage } from "@tidemark/sync"
import { messagePortEnd, type WebPort } from "@tidemark/sync/message-port"
import { describe, expect, it } from "vitest"

const alive = (to: number) => ({ type: "alive", to }) as ServerMessage

describe("C6 an authority's end of a port", () => {
  it("sends what it is given in one turn as one message, in order, and before its end", async () => {
    const { port, sent } = fakePort()
    const end = messagePortEnd(port)
    end.send(alive(1))
    await Promise.resolve()
    for (const to of [2, 3, 4]) end.send(alive(to))
    expect(sent).toEqual([alive(1)])
    await Promise.resolve()
    expect(sent).toEqual([alive(1), [alive(2), alive(3), alive(4)]])
    end.send(alive(5))
    end.close()
    await Promise.resolve()
    expect(sent.slice(2)).toEqual([alive(5), "tidemark:bye"])
  })

  it("is over when its port takes nothing any more", async () => {
    const { port, break: breakPort } = fakePort()
    const end = messagePortEnd(port)
    let ends = 0
    end.receive(
      () => {},
      () => {
        ends++
      },
    )
    end.send(alive(1))
    await Promise.resolve()
    expect(ends).toBe(0)
    breakPort()
    end.send(alive(2))
    await Promise.resolve()
    expect(ends).toBe(1)
  })
})

/** A port that notes what it is to carry. */
function fakePort() {
  const sent: unknown[] = []
  let isBroken = false
  const port: WebPort = {
    postMessage(message) {
      if (isBroken) throw new Error("The port is gone")
      sent.push(message)
    },
    addEventListener() {},
  }
  return {
    port,
    sent,
    break() {
      isBroken = true
    },
  }
}
