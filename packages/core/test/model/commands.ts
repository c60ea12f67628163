import assert from "node:assert/strict"
import {
  type Expectation,
  type ExpectedVersion,
  type Op,
  StoreError,
  type Target,
} from "@tidemark/core"
import fc from "fast-check"
import type { Model, ModelOutcome } from "./model.ts"
import { answer, queries } from "./query.ts"
import { modelled, plain, type Real } from "./real.ts"

type Command = fc.AsyncCommand<Model, Real>

const kinds = fc.constantFrom("u", "v", "__proto__")
const keys = fc.constantFrom(
  "a",
  "b",
  "ab",
  "a%",
  "A",
  "",
  "é",
  "😀",
  "\uffff",
  "constructor",
  "a\u0000",
)
const values = fc.oneof(
  fc.integer({ min: 0, max: 3 }),
  fc.boolean(),
  fc.constantFrom(null, "x", ""),
  fc.record(
    { n: fc.integer({ min: 0, max: 3 }), t: fc.constantFrom("x", "y") },
    { requiredKeys: [], noNullPrototype: true },
  ),
)
const ops: fc.Arbitrary<Op> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant("set" as const),
      kind: kinds,
      key: keys,
      value: values,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant("delete" as const), kind: kinds, key: keys }),
  },
)
const versions: fc.Arbitrary<ExpectedVersion> = fc.oneof(
  fc.constantFrom("absent" as const, "present" as const),
  fc.integer({ min: 1, max: 3 }),
)
const expectations: fc.Arbitrary<Expectation> = fc.oneof(
  fc.record({ kind: kinds, key: keys, version: versions }),
  fc.record({ kind: kinds, unchangedSince: fc.nat(20) }),
)
const targets: fc.Arbitrary<Target> = fc.oneof(
  fc.constant("*"),
  kinds,
  fc.tuple(kinds, keys),
  fc.record({ kind: kinds, prefix: fc.constantFrom("", "a", "é") }),
)

/** Everything that can be done to a store. A new ability is one more of these. */
export const commands: readonly fc.Arbitrary<Command>[] = [
  fc
    .tuple(kinds, keys, values, fc.option(versions, { nil: undefined }))
    .map(([kind, key, value, ifVersion]) =>
      command(`set ${kind}/${key} ${show(value)} if ${ifVersion}`, async (model, { store }) => {
        const expect = ifVersion === undefined ? [] : [{ kind, key, version: ifVersion }]
        const options = ifVersion === undefined ? {} : { ifVersion }
        const outcome = model.commit([{ type: "set", kind, key, value }], expect)
        await same(outcome, async () => [await store.set(kind, key, value, options)])
      }),
    ),
  fc
    .tuple(kinds, fc.dictionary(keys, values, { maxKeys: 4, noNullPrototype: true }))
    .map(([kind, entries]) =>
      command(`setMany ${kind} ${show(entries)}`, async (model, { store }) => {
        const sorted = Object.entries(entries).sort(([a], [b]) =>
          Buffer.compare(Buffer.from(a), Buffer.from(b)),
        )
        const sets = sorted.map(([key, value]) => ({ type: "set" as const, kind, key, value }))
        const outcome = model.commit(sets)
        await same(
          outcome,
          async () => (await store.setMany(kind, Object.entries(entries))).results,
        )
      }),
    ),
  fc.tuple(kinds, keys, values).map(([kind, key, value]) =>
    command(`update ${kind}/${key} to ${show(value)}`, async (model, { store }) => {
      const row = model.row(kind, key)
      const update = () => store.update(kind, key, () => value as never)
      if (row === undefined || row.deleted) return refuses("not_found", update)
      // An update leaves the entry its end.
      const end = row.expiresAt === undefined ? {} : { expiresAt: row.expiresAt }
      const outcome = model.commit([{ type: "set", kind, key, value, ...end }])
      await same(outcome, async () => [await update()])
    }),
  ),
  fc.tuple(kinds, keys).map(([kind, key]) =>
    command(`delete ${kind}/${key}`, async (model, { store }) => {
      const outcome = model.commit([{ type: "delete", kind, key }])
      await same(outcome, async () => [await store.delete(kind, key)])
    }),
  ),
  fc
    .tuple(
      fc.array(ops, { maxLength: 4 }),
      fc.array(expectations, { maxLength: 2 }),
      fc.constantFrom(undefined, "k1", "k2"),
    )
    .map(([batch, expect, idempotencyKey]) =>
      command(
        `commit ${show(batch)} expecting ${show(expect)} as ${idempotencyKey}`,
        async (model, { store }) => {
          const name = idempotencyKey === undefined ? {} : { idempotencyKey }
          const outcome = model.commit(batch, expect, idempotencyKey)
          await same(
            outcome,
            async () => (await store.commit({ ops: batch, expect, ...name })).results,
          )
        },
      ),
    ),
  fc.array(ops, { minLength: 1, maxLength: 6 }).map((burst) =>
    command(`burst ${show(burst)}`, async (model, { store }) => {
      const writes = burst.map((op) => store.commit({ ops: [op] }))
      const outcomes = burst.map((op) => model.commit([op]))
      const shown = burst.map(({ kind, key }) => store.peek(kind, key))
      const results = await Promise.all(writes)
      for (const [index, outcome] of outcomes.entries()) {
        assert.deepEqual({ results: results[index]?.results }, outcome)
      }
      // An engine that answers later may not know a key yet; what it does know is right.
      for (const [index, { kind, key }] of burst.entries()) {
        const row = model.row(kind, key)
        if (shown[index] === undefined) continue
        assert.deepEqual(shown[index], row?.deleted ? undefined : row?.value)
      }
    }),
  ),
  fc.array(ops, { maxLength: 4 }).map((steps) =>
    command(`transaction ${show(steps)}`, async (model, { store }) => {
      await store.transaction(async (tx) => {
        for (const op of steps) {
          if (op.type === "set") await tx.set(op.kind, op.key, op.value as never)
          else await tx.delete(op.kind, op.key)
        }
      })
      model.commit(steps)
    }),
  ),
  fc.tuple(kinds, keys).map(([kind, key]) =>
    command(`read ${kind}/${key}`, async (model, { store, pruned }) => {
      const row = model.row(kind, key)
      const entry = await store.entry(kind, key)
      assert.deepEqual(
        entry && plain(entry),
        row === undefined || row.deleted ? undefined : plain(row),
      )
      assert.deepEqual(await store.get(kind, key), row?.deleted ? undefined : row?.value)
      const changes = model.changes.filter((change) => change.kind === kind && change.key === key)
      const history = (await store.history(kind, key)).toReversed().map(modelled)
      const kept = changes.slice(changes.length - history.length)
      assert.deepEqual(history.map(withoutPrevious), kept.map(withoutPrevious))
      if (pruned === 0) assert.deepEqual(history, changes)
    }),
  ),
  fc.tuple(kinds, queries).map(([kind, query]) =>
    command(`list ${kind} ${show(query)}`, async (model, { store }) => {
      const wanted = answer(model.entries(kind), query)
      assert.deepEqual((await store.list(kind, query)).map(plain), wanted.map(plain))
      assert.deepEqual(
        await store.keys(kind, query),
        wanted.map((row) => row.key),
      )
      const { limit, offset, ...all } = query
      assert.equal(await store.count(kind, query), answer(model.entries(kind), all).length)
      assert.deepEqual(await store.kinds(), model.kinds())
    }),
  ),
  fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 20 })).map(([after, limit]) =>
    command(`changes after ${after}`, async (model, { store, pruned }) => {
      if (after < pruned) return
      const changes = await store.changes({ after, limit })
      const wanted = model.changes.slice(after, after + limit)
      if (pruned === 0) assert.deepEqual(changes.map(modelled), wanted)
      else assert.deepEqual(changes.map(modelled).map(withoutPrevious), wanted.map(withoutPrevious))
    }),
  ),
  fc.tuple(fc.nat(60), kinds).map(([seq, kind]) =>
    command(`at ${seq} ${kind}`, async (model, { store, pruned }) => {
      if (seq > model.head || seq < pruned) return
      const [past, then] = [store.at(seq), model.at(seq)]
      assert.deepEqual((await past.list(kind)).map(plain), then.entries(kind).map(plain))
      assert.deepEqual(await past.kinds(), then.kinds())
      assert.equal(await past.count(kind), then.entries(kind).length)
    }),
  ),
  fc
    .tuple(targets, fc.oneof(fc.constantFrom("now" as const, "current" as const), fc.nat(60)))
    .map(([target, from]) =>
      command(`watch ${show(target)} from ${from}`, async (model, real) => {
        if (typeof from === "number" && (from > model.head || from < real.pruned)) return
        real.watch(target, from, model)
        // What is there is read when the watch begins to run.
        await real.check(model)
      }),
    ),
  fc
    .tuple(kinds, queries)
    .map(([kind, query]) =>
      command(`follow ${kind} ${show(query)}`, async (_, real) => real.followList(kind, query)),
    ),
  fc
    .tuple(kinds, keys)
    .map(([kind, key]) =>
      command(`follow ${kind}/${key}`, async (_, real) => real.followKey(kind, key)),
    ),
  fc.tuple(kinds, keys, values, fc.integer({ min: 1, max: 50 })).map(([kind, key, value, ttl]) =>
    command(`set ${kind}/${key} ${show(value)} for ${ttl} ms`, async (model, { store, clock }) => {
      const expiresAt = clock.now() + ttl
      const outcome = model.commit([{ type: "set", kind, key, value, expiresAt }])
      await same(outcome, async () => [await store.set(kind, key, value, { ttl })])
    }),
  ),
  fc
    .tuple(kinds, keys, fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined }))
    .map(([kind, key, ttl]) =>
      command(`touch ${kind}/${key} for ${ttl} ms`, async (model, { store, clock }) => {
        const row = model.row(kind, key)
        const end = ttl === undefined ? {} : { expiresAt: clock.now() + ttl }
        model.commit([{ type: "touch", kind, key, ...end }])
        const touched = await store.touch(kind, key, ttl === undefined ? {} : { ttl })
        assert.equal(touched, row !== undefined && !row.deleted)
      }),
    ),
  fc.nat(60).map((ms) => command(`pass ${ms} ms`, (model, real) => real.pass(ms, model))),
  fc.constant(command("check", (model, real) => real.check(model))),
  fc.constant(command("restart", (_, real) => real.restart())),
  fc.tuple(fc.nat(20), fc.nat(2)).map(([changes, kept]) =>
    command(`prune to ${changes} changes, ${kept} versions`, async (model, real) => {
      await real.store.prune({ changes, versions: kept })
      real.pruned = Math.max(real.pruned, model.head - changes)
    }),
  ),
]

function command(name: string, run: (model: Model, real: Real) => Promise<void>): Command {
  return { check: () => true, run, toString: () => name }
}

/** Claims that a write does what the model says: its results, or its refusal. */
async function same(
  outcome: ModelOutcome,
  write: () => Promise<readonly unknown[]>,
): Promise<void> {
  if ("refused" in outcome) return refuses(outcome.refused, write)
  assert.deepEqual(await write(), outcome.results)
}

async function refuses(
  code: "conflict" | "not_found",
  write: () => Promise<unknown>,
): Promise<void> {
  await assert.rejects(write, (error) => StoreError.is(error, code))
}

function withoutPrevious({ previous: _, ...change }: { readonly previous?: unknown }): unknown {
  return change
}

function show(value: unknown): string {
  return JSON.stringify(value)
}
