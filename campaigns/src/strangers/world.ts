import type { Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { createHandler, type Handler } from "@tidemark/sync/http-handler"

/** Who asks: a scope and some of its kinds are open to each, and nothing else is. */
export const MEMBERS: Readonly<
  Record<string, { readonly scope: string; readonly kinds: string[] }>
> = {
  ann: { scope: "red", kinds: ["open", "notes"] },
  carl: { scope: "red", kinds: ["open"] },
  bob: { scope: "blue", kinds: ["open", "notes"] },
}

export const SCOPES: readonly string[] = ["red", "blue"]
export const KINDS: readonly string[] = ["open", "notes", "vault"]

/** What stands in every value of a kind of a scope, so that it is known wherever it turns up. */
export function markOf(scope: string, kind: string): string {
  return `mark of ${scope} and ${kind}`
}

/** Marks that somebody must never be told. */
export function secretsOf(who: string): string[] {
  const own = MEMBERS[who]
  return SCOPES.flatMap((scope) =>
    KINDS.filter((kind) => scope !== own?.scope || !own.kinds.includes(kind)).map((kind) =>
      markOf(scope, kind),
    ),
  )
}

/** A store with two scopes that have secrets, and its handler. */
export interface World {
  readonly store: Store
  readonly handler: Handler
  /** What the handler has called its own failures. */
  readonly failures: unknown[]
}

export async function openWorld(): Promise<World> {
  const store = openStore({ retention: { changes: 500, versions: 2, tombstones: 500 } })
  for (const scope of SCOPES) {
    for (const kind of KINDS) await store.scope(scope).set(kind, "first", markOf(scope, kind))
  }
  const failures: unknown[] = []
  const handler = createHandler(
    (request, { principal }) => {
      const scope = new URL(request.url).pathname.slice(1)
      return MEMBERS[principal]?.scope === scope ? store.scope(scope) : undefined
    },
    {
      authorize(request) {
        const who = request.headers.get("x-who") ?? ""
        const member = Object.hasOwn(MEMBERS, who) ? MEMBERS[who] : undefined
        return member && { principal: who, kinds: member.kinds }
      },
      // Short enough that who is slow is met in every run; else the defaults, but for the rates.
      limits: {
        bodyTime: 20,
        stall: 20,
        writesEach: Number.POSITIVE_INFINITY,
        writesSaved: Number.POSITIVE_INFINITY,
        opensEach: Number.POSITIVE_INFINITY,
      },
      onError: (error) => failures.push(error),
    },
  )
  return { store, handler, failures }
}
