import type { Entry, Live, Query, Store } from "@tidemark/core"
import { type FollowTarget, unheldOf } from "../../src/follow.ts"
import { rowsOf } from "./answers.ts"
import { type Fold, rowText } from "./fold.ts"
import { KEYS, NAMES } from "./kinds.ts"

/** A list that is shown. */
interface Screen {
  readonly target: FollowTarget
  readonly query: Query
  readonly live: Live<readonly Entry[]>
}

/** What a program shows of the kinds that its replica does not hold: live results of its store. */
export class Screens {
  readonly #lists: readonly Screen[]
  readonly #names = new Map<string, Live<readonly string[] | undefined>>()

  constructor(store: Store, follow: readonly FollowTarget[]) {
    const unheld = unheldOf(follow)
    this.#lists = follow
      .filter(({ kind }) => unheld.includes(kind))
      .flatMap((target) =>
        QUERIES.map((query) => ({ target, query, live: store.liveList(target.kind, query) })),
      )
    if (unheld.includes(NAMES))
      for (const key of KEYS)
        this.#names.set(key, store.live(NAMES, key) as Live<readonly string[] | undefined>)
    for (const live of [...this.#names.values(), ...this.#lists.map((one) => one.live)])
      live.subscribe(() => {})
  }

  /** The lists that merge, as they are shown. */
  get names(): readonly (readonly [key: string, names: readonly string[]])[] {
    return [...this.#names].map(([key, live]) => [key, live.get() ?? []])
  }

  /** What is not shown as a state has it, in words. */
  wrong(fold: Fold): string | undefined {
    const wrong = this.#lists.find(({ target, query, live }) => {
      const wanted = rowsOf(fold, target, query).slice(0, query.limit)
      return wanted.map(rowText).join("\n") !== live.get().map(rowText).join("\n")
    })
    return wrong && `${wrong.live.get().length} of ${wrong.target.kind} (${wrong.live.status})`
  }
}

/** What is asked of each kind. */
const QUERIES: readonly Query[] = [{}, { where: { even: true } }, { reverse: true, limit: 1 }]
