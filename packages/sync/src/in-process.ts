import type { Channel } from "./channel.ts"
import type { ClientMessage } from "./message.ts"
import type { ServerEnd } from "./serve.ts"

/**
 * A channel to an authority in the same process: for tests, and for parts of one program that know
 * a store only as far as they are authorized. `accept` is called for each link with the
 * authority's end of it. Messages arrive a microtask later, uncopied.
 *
 * @example
 * const channel = inProcessChannel((end) => serve(store, end, { authorization: { principal: "plugin" } }))
 * const replica = connect(channel, { kinds })
 */
export function inProcessChannel(accept: (end: ServerEnd) => unknown): Channel {
  return {
    open(receiver) {
      let followerDone = false
      let authorityDone = false
      let take: (message: ClientMessage) => void = () => {}
      let ended: () => void = () => {}
      const tell = (deliver: () => void) =>
        queueMicrotask(() => {
          if (!followerDone) deliver()
        })
      accept({
        send(message) {
          if (!authorityDone) tell(() => receiver.message(message))
        },
        receive(message, closed) {
          take = message
          ended = closed
        },
        close() {
          if (authorityDone) return
          authorityDone = true
          tell(() => {
            followerDone = true
            receiver.closed("the authority has ended the link")
          })
        },
      })
      return {
        send(message) {
          if (followerDone) return
          queueMicrotask(() => {
            if (!authorityDone) take(message)
          })
        },
        close() {
          if (followerDone) return
          followerDone = true
          queueMicrotask(() => {
            if (!authorityDone) ended()
          })
        },
      }
    },
  }
}
