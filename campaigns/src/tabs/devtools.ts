import type { Readable, Writable } from "node:stream"

/** What is sent to a browser, or comes from it. */
interface Message {
  readonly id?: number
  readonly sessionId?: string
  readonly method?: string
  readonly params?: Readonly<Record<string, unknown>>
  readonly result?: unknown
  readonly error?: { readonly message: string }
}

/** What is told of a page, without being asked. */
export type PageEvent = (method: string, params: Readonly<Record<string, unknown>>) => void

/** The developer tools of a browser, over its pipes: messages end with a zero byte. */
export class Devtools {
  readonly #to: Writable
  readonly #waiting = new Map<number, (message: Message) => void>()
  readonly #listeners = new Map<string, PageEvent>()
  #lastId = 0

  constructor(to: Writable, from: Readable) {
    this.#to = to
    to.on("error", () => {}) // The browser is killed; who waits for it hears of that.
    let rest = ""
    from.setEncoding("utf8").on("data", (text: string) => {
      const parts = (rest + text).split("\0")
      rest = parts.pop() ?? ""
      for (const part of parts) this.#receive(JSON.parse(part) as Message)
    })
    from.on("close", () => {
      for (const answer of this.#waiting.values()) answer({ error: { message: "It has ended" } })
    })
  }

  /** Asks the browser, or one page of it. */
  async ask<Answer>(method: string, params: object = {}, sessionId?: string): Promise<Answer> {
    const id = ++this.#lastId
    const answer = await new Promise<Message>((resolve) => {
      this.#waiting.set(id, resolve)
      this.#to.write(`${JSON.stringify({ id, method, params, sessionId })}\0`)
    })
    this.#waiting.delete(id)
    if (answer.error !== undefined) throw new Error(`${method}: ${answer.error.message}`)
    return answer.result as Answer
  }

  /** Hears what is told of one page. */
  listen(sessionId: string, listener: PageEvent): void {
    this.#listeners.set(sessionId, listener)
  }

  #receive(message: Message): void {
    const { id, sessionId = "", method, params = {} } = message
    if (id !== undefined) this.#waiting.get(id)?.(message)
    else if (method !== undefined) this.#listeners.get(sessionId)?.(method, params)
  }
}
