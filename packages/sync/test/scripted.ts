import type { Engine } from "@tidemark/core/engine"
import type { Channel } from "@tidemark/sync"
import { expect, vi } from "vitest"
import type { ClientMessage, Mutate, ServerMessage } from "../src/message.ts"

/** An authority that says what the test says. */
export class Scripted implements Channel {
  /** What came, on all links. */
  readonly heard: ClientMessage[] = []
  tell: (...messages: ServerMessage[]) => void = () => {}

  open: Channel["open"] = (receiver) => {
    let isOpen = true
    this.tell = (...messages) => {
      for (const message of messages) if (isOpen) receiver.message(message)
    }
    return {
      send: (message) => this.heard.push(message),
      close: () => {
        isOpen = false
      },
    }
  }

  get hellos() {
    return this.heard.filter((message) => message.type === "hello")
  }

  /** The numbers that were sent, with the epoch and the client. */
  get mutations(): readonly (readonly [epoch: string, client: string, mutation: number])[] {
    return this.heard
      .filter((message): message is Mutate => message.type === "mutate")
      .flatMap(({ epoch, client, mutations }) =>
        mutations.map(({ mutation }) => [epoch, client, mutation] as const),
      )
  }

  async hello(count: number): Promise<string> {
    await vi.waitFor(() => expect(this.hellos).toHaveLength(count))
    return this.hellos.at(-1)?.client as string
  }

  async sent(count: number): Promise<void> {
    await vi.waitFor(() => expect(this.mutations).toHaveLength(count))
  }
}

export const welcome = (epoch: string, lastMutation = 0): ServerMessage => ({
  type: "welcome",
  epoch,
  view: "all",
  head: lastMutation,
  lastMutation,
  at: 1,
})
export const snapshot = (
  epoch: string,
  to: number,
  lastMutation = 0,
  part = 0,
): ServerMessage[] => [
  { type: "reset", epoch },
  { type: "snapshot", epoch, view: "all", to, part, last: true, total: 0, rows: [], lastMutation },
]
export const changes = (
  epoch: string,
  from: number,
  to: number,
  lastMutation: number,
): ServerMessage => ({
  type: "changes",
  epoch,
  view: "all",
  from,
  to,
  changes: [],
  lastMutation,
})
export const ack = (mutation: number): ServerMessage => ({
  type: "ack",
  mutation,
  seq: mutation,
  results: [{ outcome: "created", version: 1, seq: mutation }],
})

/** Replaces the sequence: the link that has told the last one is given up, and the next brings the state. */
export async function restore(
  authority: Scripted,
  to: number,
  lastMutation: number,
): Promise<void> {
  authority.tell(...snapshot("two", to, lastMutation))
  await authority.hello(2)
  authority.tell(welcome("two", lastMutation), ...snapshot("two", to, lastMutation))
}

/** An engine that does something only after it was let go on. */
export function holding(engine: Engine, method: "commit" | "ingest") {
  let isHeld = false
  let release = () => {}
  let gate = Promise.resolve()
  const held = new Proxy(engine, {
    get(target, name) {
      const value = Reflect.get(target, name, target)
      if (typeof value !== "function") return value
      if (name !== method) return value.bind(target)
      return (...given: unknown[]) => gate.then(() => value.apply(target, given))
    },
  })
  return {
    engine: held,
    hold() {
      isHeld = true
      gate = new Promise((resolve) => {
        release = resolve
      })
    },
    release() {
      if (isHeld) release()
    },
  }
}

export const turns = async () => {
  for (let n = 0; n < 20; n++) await new Promise<void>((resolve) => setImmediate(resolve))
}
