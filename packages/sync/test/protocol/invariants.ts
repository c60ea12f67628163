import { type Entry, endOf, type Intent, isSeen, logOf, type Replica, type State } from "./state.ts"

/** What is wrong with a state, in words; `undefined` when nothing is. */
export function violationOf(state: State): string | undefined {
  const log = logOf(state)
  return (
    twiceIn(log) ??
    disorderIn(log) ??
    state.replicas
      .map(
        (replica) =>
          wrongBase(state, replica) ??
          wrongPlace(state, replica) ??
          brokenWord(state, replica) ??
          untold(state, replica) ??
          rashlyGivenUp(state, replica),
      )
      .find((violation) => violation !== undefined)
  )
}

/** Whether everything has come to rest: all is written, told, answered and stored. */
export function isAtRest(state: State): boolean {
  const { length } = logOf(state)
  const isCurrent = ({ link, items, base }: Replica) =>
    link?.feed?.needs === "news" &&
    link.queue.length === 0 &&
    items.length === 0 &&
    base.epoch === state.logs.length - 1 &&
    base.view === state.view &&
    base.position === length
  return state.durable === length && state.owed.length === 0 && state.replicas.every(isCurrent)
}

function twiceIn(log: readonly Entry[]): string | undefined {
  const twice = log.find(({ intent }, at) => log.findIndex((one) => one.intent === intent) !== at)
  return twice && `each mutation is in the log at most once: ${twice.intent} is there twice`
}

function disorderIn(log: readonly Entry[]): string | undefined {
  const last = new Map<string, number>()
  for (const { client, mutation } of log) {
    if (client === null || mutation === 0) continue
    const expected = (last.get(client) ?? 0) + 1
    if (mutation !== expected)
      return `a client's mutations are gapless and ordered: ${client}:${mutation} stands where ${expected} should`
    last.set(client, mutation)
  }
  return undefined
}

function wrongBase({ logs }: State, { name, base }: Replica): string | undefined {
  if (base.epoch === null) return undefined
  const log = logs[base.epoch] as readonly Entry[]
  const fold = log.slice(0, base.position).filter((entry) => isSeen(entry, base.view))
  const isFold =
    base.position <= log.length && fold.map(({ intent }) => intent).join() === base.applied.join()
  return isFold
    ? undefined
    : `the base is the fold of the log up to the position: ${name} has ${base.applied} at ${base.position}`
}

function wrongPlace(state: State, replica: Replica): string | undefined {
  const { name, client, written, items, base, isFresh, forgotten, givenUp, unshown } = replica
  const log = base.epoch === null ? [] : (state.logs[base.epoch] as readonly Entry[])
  const included = log.slice(0, base.position).map(({ intent }) => intent)
  for (let n = 1; n <= written; n++) {
    const intent: Intent = `${name}${n}`
    const isPending = items.some((item) => item.intent === intent && !item.isProcessed)
    const isIncluded = included.includes(intent)
    // Until it is told something, a replica that was started again may not know what its base
    // includes; nor does one that is forgotten, until it is told so.
    if (isPending && isIncluded && !isFresh && !included.includes(endOf(client)))
      return `each mutation is in exactly one of pending and processed: ${intent} is in both`
    const isMissed = ![...forgotten, ...givenUp, ...unshown, ...state.excused].includes(intent)
    if (!isPending && !isIncluded && isMissed)
      return `each mutation is in exactly one of pending and processed: ${intent} is in neither`
  }
  return undefined
}

/** At rest each write was answered to who wrote it, be it to another run of the same replica. */
function untold(
  state: State,
  { name, written, forgotten, givenUp, settled }: Replica,
): string | undefined {
  if (!isAtRest(state)) return undefined
  const intents = Array.from({ length: written }, (_, n) => `${name}${n + 1}`)
  const isTold = (intent: Intent) =>
    [...forgotten, ...givenUp, ...state.excused, ...settled.map((one) => one.intent)].includes(
      intent,
    )
  const missed = intents.find((intent) => !isTold(intent))
  return missed && `each mutation is answered: nobody was told what became of ${missed}`
}

/** Only what was sent may be there without anybody's knowing. */
function rashlyGivenUp({ sent }: State, { givenUp }: Replica): string | undefined {
  const rash = givenUp.find((intent) => !sent.some((copy) => copy.intent === intent))
  return rash && `each mutation is answered: ${rash} was given up and had never been sent`
}

function brokenWord(state: State, { items, settled }: Replica): string | undefined {
  const answered = items
    .filter(({ answer }) => answer !== null)
    .map(({ intent, answer }) => ({ intent, applied: answer === "ack" }))
  const log = logOf(state).slice(0, state.durable)
  const isKept = ({ intent, applied }: { intent: Intent; applied: boolean }) =>
    state.excused.includes(intent) ||
    log.some((entry) => entry.intent === intent && entry.applied === applied)
  const broken = [...settled, ...answered].find((word) => !isKept(word))
  return (
    broken &&
    `acknowledged means in the log: ${broken.intent} was ${broken.applied ? "acknowledged" : "refused"} and is not so in the log`
  )
}
