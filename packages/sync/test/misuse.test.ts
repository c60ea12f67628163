import { StoreError } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { describe, expect, it, onTestFinished } from "vitest"
import { openBrowserStore } from "../src/browser.ts"
import { httpChannel } from "../src/http-client.ts"
import { createHandler } from "../src/http-handler.ts"
import { connect, serve, shareLimits } from "../src/index.ts"
import { listen } from "../src/node.ts"

/** What plain JavaScript may do, and TypeScript would refuse. */
// biome-ignore lint/suspicious/noExplicitAny: the point of these tests is what no type stops.
type Anything = any

const authorize = () => ({ principal: "ann" })
const end = { send() {}, receive() {}, close() {} }
const handle = (options?: Anything): unknown => createHandler(openStore(), options)
const follow = (channel?: Anything, options?: Anything): unknown => connect(channel, options)

const misuses: readonly (readonly [what: string, how: () => unknown, message: RegExp])[] = [
  ["an address for a channel", () => follow("http://127.0.0.1/"), /no channel.*httpChannel\(url\)/],
  ["no channel", () => follow(), /no channel/],
  [
    "an option of connect() that is misspelt",
    () => follow({ open() {} }, { kind: {} }),
    /connect\(\) has no option kind\. Use kinds/,
  ],
  ["no address", () => (httpChannel as Anything)(), /no address/],
  ["half an address where there is no page", () => httpChannel("/api"), /"\/api" is no address/],
  ["a server that asks nobody who comes", () => handle({}), /authorize is no function/],
  ["a server without options", () => handle(), /not given its options/],
  [
    "an option of a server that is misspelt",
    () => handle({ authorize, origin: ["https://app.example"] }),
    /no option origin\. Use .*origins/,
  ],
  [
    "a limit that there is not",
    () => handle({ authorize, limits: { writes: 5 } }),
    /no option writes\. Use .*writesEach/,
  ],
  [
    "a limit that is none",
    () => handle({ authorize, limits: { writesEach: "5" } }),
    /"5" is no limit of writesEach/,
  ],
  ["the same where limits are shared", () => shareLimits({ body: -1 }), /-1 is no limit of body/],
  ["no end of a channel", () => serve(openStore(), {} as Anything, {} as Anything), /no end of a/],
  [
    "a conversation with just anybody",
    () => serve(openStore(), end, {} as Anything),
    /not told who is at the other end/,
  ],
  ["nothing to serve", () => createHandler(undefined as Anything, { authorize }), /not tell how/],
  ["nothing to listen for", () => (listen as Anything)(), /no function/],
  [
    "an option of a browser's store that is misspelt",
    () => openBrowserStore({ nam: "notes" } as Anything),
    /openBrowserStore\(\) has no option nam\. Use .*name/,
  ],
]

describe("E1 misuse of sync is refused at once, and the error says what to give", () => {
  for (const [what, how, message] of misuses) {
    it(`E1 ${what}`, async () => {
      const error = await Promise.resolve()
        .then(how)
        .then(
          () => new Error("nothing was refused"),
          (cause: Error) => cause,
        )
      expect(error.message).toMatch(message)
      expect(StoreError.is(error, "invalid_value", "unsupported")).toBe(true)
    })
  }
})

describe("E1 an address at which no handler is", () => {
  const pages: readonly (readonly [what: string, answer: () => Response, told: RegExp])[] = [
    ["404", () => new Response("no such page", { status: 404 }), /answers with 404/],
    [
      "a page, as a development server does for every address",
      () => new Response("<!doctype html>", { headers: { "content-type": "text/html" } }),
      /answers with text\/html/,
    ],
  ]
  for (const [what, answer, told] of pages) {
    it(`E1 is told to onError, once, where it answers with ${what}`, async () => {
      let asked = 0
      const server = await listen(() => {
        asked++
        return answer()
      })
      const heard: unknown[] = []
      const replica = connect(httpChannel(`${server.url}api`), {
        onError: (error) => heard.push(error),
        random: () => 0,
      })
      onTestFinished(async () => {
        await replica.close()
        await server.close()
      })
      await expect.poll(() => asked, { timeout: 10_000 }).toBeGreaterThan(2)
      expect(heard).toHaveLength(1)
      expect(StoreError.is(heard[0], "protocol_mismatch")).toBe(true)
      expect((heard[0] as Error).message).toMatch(told)
      expect(replica.status.get().connection).not.toBe("live")
    })
  }
})
