import { type Clock, systemClock } from "@tidemark/core"
import type { Channel } from "../channel.ts"
import { HostileWay } from "./hostile-way.ts"
import { seededRandom } from "./random.ts"

/** What goes wrong, and how often: each from 0, never, to 1, with every message. Default 0. */
export interface HostileOptions {
  /** The same seed does the same to the same messages. */
  readonly seed: number
  /** Loses a message; the link goes on. */
  readonly drop?: number
  /** Delivers a message twice. */
  readonly double?: number
  /** Delivers a message out of its turn. */
  readonly reorder?: number
  /** Ends the link in place of a message. */
  readonly cut?: number
  /** The longest time that a message is under way, in milliseconds. Default 0. */
  readonly delay?: number
  readonly clock?: Clock
}

/**
 * A channel that is worse than any that exists: it drops, doubles, delays, reorders and cuts, both
 * ways. A replica over it still has to end like its authority, with each write applied once.
 *
 * @example
 * const channel = hostileChannel(mine, { seed: 7, drop: 0.05, double: 0.1, reorder: 0.1, delay: 50 })
 */
export function hostileChannel(channel: Channel, options: HostileOptions): Channel {
  const random = seededRandom(options.seed)
  const clock = options.clock ?? systemClock
  return {
    open(receiver) {
      let isCut = false
      const end = () => {
        if (isCut) return
        isCut = true
        link.close()
        clock.after(0, () => receiver.closed(new Error("cut")))
      }
      const way = { ...options, random, clock, end }
      const here = new HostileWay(way)
      const there = new HostileWay(way)
      const link = channel.open({
        message: (message) =>
          here.carry(() => {
            if (!isCut) receiver.message(message)
          }),
        closed: (reason) => {
          if (isCut) return
          isCut = true
          receiver.closed(reason)
        },
      })
      return {
        // What is under way when a link is closed may still arrive.
        send: (message) => there.carry(() => link.send(message)),
        close() {
          isCut = true
          link.close()
        },
      }
    },
  }
}
