import { TestClock } from "@tidemark/core/testing"
import { describe, expect, it } from "vitest"
import { Questions } from "../src/questions.ts"
import type { NumberedRead } from "../src/read.ts"

const read = { type: "row", kind: "u", key: "a" } as const
const found = { rows: [], whole: true }

/** Questions to an authority that answers when the test says so; the base stands at 5. */
function begin() {
  const clock = new TestClock()
  const asked: number[] = []
  const late = { times: 0 }
  let base = { epoch: "one", position: 5 }
  const questions = new Questions({
    clock,
    deadline: 9_000,
    base: () => base,
    late: () => late.times++,
    send(asks: readonly NumberedRead[]) {
      for (const { id } of asks) asked.push(id)
      return true
    },
  })
  const move = (position: number) => {
    base = { ...base, position }
    questions.moved()
  }
  const restart = (epoch: string) => {
    base = { epoch, position: 1 }
    questions.restart()
  }
  return { clock, asked, late, questions, move, restart }
}

describe("C6 a question that was answered by another sequence", () => {
  it("is asked again when the state of that one is here, and not before", async () => {
    const { clock, asked, questions, restart } = begin()
    const answer = questions.ask(read)
    await clock.pass(0)
    questions.answer({ type: "answer", id: 1, epoch: "two", seq: 1, found })
    await clock.pass(1_000)
    expect(asked).toEqual([1])
    restart("two")
    await clock.pass(0)
    expect(asked).toEqual([1, 1])
    questions.answer({ type: "answer", id: 1, epoch: "two", seq: 1, found })
    expect(await answer).toEqual(found)
    expect(clock.timers).toBe(0)
  })

  it("is asked again after a while, where the answer was one of before", async () => {
    const { clock, asked, questions } = begin()
    const answer = questions.ask(read)
    await clock.pass(0)
    questions.answer({ type: "answer", id: 1, epoch: "zero", seq: 9, found })
    await clock.pass(3_000)
    expect(asked).toEqual([1, 1])
    questions.answer({ type: "answer", id: 1, epoch: "one", seq: 5, found })
    expect(await answer).toEqual(found)
    expect(clock.timers).toBe(0)
  })
})

it("C6 a question whose answer is ahead of the base is asked again on the next link: a power cut may have taken it back", async () => {
  const { clock, asked, questions, move } = begin()
  const answer = questions.ask(read)
  await clock.pass(0)
  const lost = { rows: [{ kind: "u", key: "a", value: "lost" }], whole: true } as never
  questions.answer({ type: "answer", id: 1, epoch: "one", seq: 7, found: lost })
  questions.unlinked()
  questions.linked()
  await clock.pass(0)
  expect(asked).toEqual([1, 1])
  move(7)
  questions.answer({ type: "answer", id: 1, epoch: "one", seq: 7, found })
  expect(await answer).toEqual(found)
})

it("C6 a question without an answer in time is told to who can ask again", async () => {
  const { clock, late, questions } = begin()
  const answer = expect(questions.ask(read)).rejects.toMatchObject({ code: "storage_unavailable" })
  await clock.pass(9_000)
  await answer
  expect(late.times).toBe(1)
})
