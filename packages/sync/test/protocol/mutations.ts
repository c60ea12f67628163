import type { CONFIGURATIONS } from "./configurations.ts"

/**
 * The rules of the protocol, each broken in one place of the model, and a configuration in which
 * that is noticed. A check that finds nothing wrong with one of them is no check.
 */
export const MUTATIONS = {
  "a pending write is dropped on the ack": "links are cut",
  "a write is answered before it is durable": "the power fails",
  "changes are told before they are durable": "the power fails",
  "lastMutation is not written in the same transaction": "the power fails",
  "lastMutation is the newest instead of that at the position": "the power fails",
  "a snapshot comes without lastMutation": "the authority is restored",
  "nothing is told at first when nothing is new": "links are cut",
  "a refusal is not in the log": "two replicas want the same",
  "a repeat is processed again": "links are cut",
  "a gap in the numbers is accepted": "links are cut",
  "a gap in the changes is accepted": "links lose, double and reorder",
  "a pruned position is served": "the log is pruned",
  "a write of another epoch is processed": "the authority is restored",
  "a feed goes on when the sequence is replaced": "the authority is restored twice",
  "answers of another epoch are kept": "the authority is restored",
  "what a snapshot of another epoch includes is sent as new": "the authority is restored",
  "a client keeps its name whatever the authority expects": "the authority is restored",
  "a late expected makes a new client": "links are cut",
  "a name is given up while a lower number is open": "the authority is restored amid writes",
  "a lost outbox keeps the name of the client": "replicas lose their storage",
  "a write is sent before the outbox has it": "replicas stop",
  "the last number is not kept": "replicas stop",
  "the outbox forgets a write before the base is kept": "replicas stop",
  "the outbox forgets a write before it is answered": "replicas stop",
  "a client that is not known is taken for a new one": "records of clients end",
  "a forgotten client gives nothing up": "records of clients end",
  "a base of another view is gone on with": "replicas may read something else",
  "changes of another view are taken": "replicas may read something else on bad links",
  "a snapshot that was held up is taken": "links lose, double and reorder",
  "parts of two snapshots are put together": "links lose, double and reorder",
} as const satisfies Readonly<Record<string, keyof typeof CONFIGURATIONS>>

export type Mutation = keyof typeof MUTATIONS
