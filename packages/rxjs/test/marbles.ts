import type { Change } from "@tidemark/core"
import { TestScheduler } from "rxjs/testing"
import { expect } from "vitest"

/** What a marble test draws with. */
export type Marbles = Parameters<Parameters<TestScheduler["run"]>[0]>[0]

/** Runs a marble test on virtual time. */
export function marbles(test: (helpers: Marbles) => void): void {
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(test)
}

/** A change that was committed ten milliseconds times its seq after the epoch. */
export function change(
  seq: number,
  type: Change["type"],
  kind: string,
  key: string,
  value: unknown,
): Change {
  return { seq, type, kind, key, value, version: seq, at: seq * 10, cause: "write", batch: seq }
}
