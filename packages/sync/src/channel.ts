import type { ClientMessage, ServerMessage } from "./message.ts"

/** A way to an authority. It only moves messages; who speaks it decides what they mean. */
export interface Channel {
  /** Opens a link. Called again after a link has closed. */
  open(receiver: LinkReceiver): Link
}

/** An open way. Messages of one link arrive in order or not at all. */
export interface Link {
  send(message: ClientMessage): void
  close(): void
}

/** What a link tells its opener. */
export interface LinkReceiver {
  message(message: ServerMessage): void
  /** A part of a message has come: the link is alive, though it is slow. A channel may tell it. */
  heard?(): void
  /**
   * The link is gone, by itself; no message follows. A `protocol_mismatch` is told to `onError`: nobody
   * at the other end speaks as a channel does, which trying again does not mend.
   */
  closed(reason: unknown): void
}
