import { type Store, StoreError } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import type { Authorization } from "../authorization.ts"
import type { Channel } from "../channel.ts"
import type { ServeOptions } from "../serve.ts"
import { Follower } from "./follower.ts"

/** A channel under test, and the hand of the case on its authority's side. */
export interface ServedChannel {
  readonly channel: Channel
  /** How many links the authority's side has open. */
  links(): number
  /** Ends all links that are open, from the authority's side. The channel can be opened again. */
  cut(): void | Promise<void>
  /** Gives the authority anything at all, as a hostile follower would. */
  inject(data: unknown): void | Promise<void>
  /** Ends everything that was opened for the channel. */
  close(): void | Promise<void>
}

/** Lets followers reach a store over the channel under test. */
export type ServeOver = (
  authority: Store,
  options: ServeOptions & { readonly authorization: Authorization },
) => ServedChannel | Promise<ServedChannel>

/** One sentence of what a channel must do, and the check of it. */
export interface ChannelCase {
  /** Begins with the id of the feature. */
  readonly name: string
  /** Resolves when the sentence holds, rejects when it does not. */
  run(serve: ServeOver): Promise<void>
}

/** What a case works with. */
export interface Bench {
  readonly authority: Store
  readonly served: ServedChannel
  /** What the authority's side has reported. */
  readonly errors: readonly unknown[]
  /** Opens a link. */
  follow(): Follower
  /** Serves the same store to somebody else. */
  serveTo(principal: string): Promise<ServedChannel>
}

/** The one whom the links of a case belong to. It may write to the kind `u` and to none beside it. */
const PRINCIPAL = "mine"

/** A case on a store that is served; everything is closed at its end. */
export function channelCase(name: string, check: (bench: Bench) => Promise<void>): ChannelCase {
  return {
    name,
    async run(serve) {
      const authority = openStore()
      const errors: unknown[] = []
      const all: ServedChannel[] = []
      const serveTo = async (principal: string) => {
        const authorization = { principal, kinds: ["u"] }
        const served = await serve(authority, {
          authorization,
          onError: (error) => errors.push(error),
        })
        all.push(served)
        return served
      }
      const followers: Follower[] = []
      try {
        const served = await serveTo(PRINCIPAL)
        const follow = () => {
          const follower = new Follower(served.channel)
          followers.push(follower)
          return follower
        }
        await check({ authority, served, errors, follow, serveTo })
        const strange = errors.find((error) => !StoreError.is(error))
        if (strange !== undefined) throw new Error("An error has no code", { cause: strange })
      } finally {
        for (const follower of followers) follower.close()
        for (const served of all) await served.close()
        await authority.close()
      }
    },
  }
}
