import type { Channel, Link } from "../channel.ts"
import type { ClientMessage, Mutation, ServerMessage } from "../message.ts"
import { PROTOCOL } from "../protocol.ts"

type Told<Type extends ServerMessage["type"]> = Extract<ServerMessage, { readonly type: Type }>

/** A hello of who has nothing yet, and wants everything. */
export const NEW = {
  type: "hello",
  epoch: null,
  position: 0,
  view: null,
  follow: null,
  schemas: {},
} as const

/** A follower that says what it is told to say, and keeps all that it hears. */
export class Follower {
  readonly heard: ServerMessage[] = []
  /** How often the link has ended by itself. */
  ends = 0
  readonly client: string
  readonly #link: Link

  constructor(channel: Channel, client: string = newClient()) {
    this.client = client
    this.#link = channel.open({
      message: (message) => this.heard.push(message),
      closed: () => {
        this.ends += 1
      },
    })
  }

  send(message: ClientMessage): void {
    this.#link.send(message)
  }

  hello(protocol: number = PROTOCOL): void {
    const { client } = this
    this.send({ ...NEW, protocol, client })
  }

  /** Says hello, and waits until all that was there has come. */
  async begin(): Promise<Told<"welcome">> {
    this.hello()
    await this.next("changes")
    return this.next("welcome")
  }

  /** Sends one write of a value under a key. */
  write(epoch: string, mutation: number, key: string, value: unknown, kind = "u"): void {
    const mutations: Mutation[] = [{ mutation, ops: [{ type: "set", kind, key, value }] }]
    const { client } = this
    const since = Date.now()
    this.send({ type: "mutate", client, epoch, answered: 0, since, kept: true, mutations })
  }

  all<Type extends ServerMessage["type"]>(type: Type): readonly Told<Type>[] {
    return this.heard.filter((message): message is Told<Type> => message.type === type)
  }

  /** The first message of a type, as soon as it is here. */
  async next<Type extends ServerMessage["type"]>(type: Type): Promise<Told<Type>> {
    await until(() => this.all(type).length > 0)
    return this.all(type)[0] as Told<Type>
  }

  /** The values that the changes so far have brought, in their order. */
  values(): readonly unknown[] {
    return this.all("changes").flatMap(({ changes }) => changes.map(({ value }) => value))
  }

  close(): void {
    this.#link.close()
  }
}

/** Waits until a condition holds, a macrotask at a time; the runner's time limit is the bound. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise<void>((resolve) => setTimeout(resolve, 1))
}

function newClient(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")
}
