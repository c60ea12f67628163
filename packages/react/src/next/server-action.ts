import type { StandardSchemaV1 } from "@standard-schema/spec"
import {
  type Awaitable,
  type ErrorCode,
  type ErrorRecord,
  type Kinds,
  type Store,
  StoreError,
} from "@tidemark/core"
import { checkInput } from "./action-input.ts"
import type { ServerStore } from "./server-store.ts"

/** What an action tells its caller: what it returned, or why it did nothing. Plain data. */
export type ActionResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: ErrorRecord }

/**
 * An action as a client calls it: with its input, with a form, or, by `useActionState`, with the
 * previous result in front. It rejects only where the server itself has failed.
 */
export interface ServerAction<I, T> {
  (input: I | FormData): Promise<ActionResult<T>>
  (previous: ActionResult<T> | undefined, input: I | FormData): Promise<ActionResult<T>>
}

/** What an action works with. */
export interface ActionContext<K extends Kinds, V, P> {
  readonly store: Store<K>
  /** What the schema made of the input. */
  readonly input: V
  /** Who calls. */
  readonly principal: P
}

export interface ActionOptions<K extends Kinds, S extends StandardSchemaV1, P, T> {
  /**
   * What may come in: a schema of any Standard Schema library. A form is an object of its fields;
   * a field that comes several times is a list.
   */
  readonly input: S
  /**
   * Who calls, by a cookie for example; `undefined` turns it away. There is no default: everybody
   * who can reach the server can call an action.
   */
  readonly authorize: () => Awaitable<P | undefined>
  readonly run: (context: ActionContext<K, StandardSchemaV1.InferOutput<S>, P>) => Awaitable<T>
}

/**
 * A server action that writes. It runs when its caller is known and its input fits; what the
 * caller can do something about comes back as data: `unauthorized`, `validation_failed` with the
 * issues by path, and what the store refuses, such as `conflict`. `redirect()` and the like work
 * inside. All other errors are thrown, and Next tells the client nothing of them.
 *
 * @example
 * "use server"
 * export const addTask = serverAction(tasks, {
 *   input: z.object({ title: z.string().min(1) }),
 *   authorize: currentUser,
 *   run: ({ store, input }) => store.set("tasks", crypto.randomUUID(), { ...input, done: false }),
 * })
 */
export function serverAction<K extends Kinds, S extends StandardSchemaV1, P, T>(
  server: ServerStore<K>,
  { input: schema, authorize, run }: ActionOptions<K, S, P, T>,
): ServerAction<StandardSchemaV1.InferInput<S>, T> {
  return async (...given: readonly unknown[]) => {
    try {
      const principal = await authorize()
      if (principal === undefined) throw unauthorized()
      const input = await checkInput(schema, given.at(-1))
      return { ok: true, value: await run({ store: await server.open(), input, principal }) }
    } catch (error) {
      if (StoreError.is(error, ...TOLD)) return { ok: false, error: error.toJSON() }
      throw error
    }
  }
}

/** What a caller can do something about. The rest is the server's own, and may tell of its files. */
const TOLD: readonly ErrorCode[] = [
  "not_found",
  "conflict",
  "invalid_key",
  "invalid_value",
  "validation_failed",
  "quota_exceeded",
  "busy",
  "read_only",
  "unauthorized",
  "aborted",
]

function unauthorized(): StoreError {
  return new StoreError("unauthorized", "You may not do this", { hint: "Sign in" })
}
