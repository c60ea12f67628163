import type { ConnectionState, StoreStatus } from "@tidemark/core"
import { expect, it } from "vitest"
import { lossText } from "../src/main/loss-text.ts"
import { findNotes } from "../src/renderer/find-notes.ts"
import { shiftCaret } from "../src/renderer/shift-caret.ts"
import { statusText } from "../src/renderer/status-text.ts"
import { whenText } from "../src/renderer/when-text.ts"

const notes = [
  ["harbour", "Grey light\nuntil ten"],
  ["GROCERIES", "lemons, light bread"],
  ["Straße", ""],
].map(([title = "", body = ""], at) => ({
  kind: "notes",
  key: `n${at}`,
  value: { title, body, pinned: false, updatedAt: at },
  version: 1,
  seq: at,
  updatedAt: at,
}))

it.each([
  ["", [0, 1, 2]],
  ["  ", [0, 1, 2]],
  ["LIGHT", [0, 1]],
  ["light groc", [1]],
  ["ten grey", [0]],
  ["straße", [2]],
  ["light harbor", []],
])("finds the notes that have every word of %j", (search, found) => {
  expect(findNotes(notes, search)).toEqual(found.map((at) => notes[at]))
})

it("keeps the notes as they are when nothing is sought", () => {
  expect(findNotes(notes, "")).toBe(notes)
})

it.each([
  ["before what was put in", "one two", "one and two", 2, 2],
  ["behind what was put in", "one two", "one and two", 7, 11],
  ["behind what was taken away", "one and two", "one two", 11, 7],
  ["inside what was taken away", "one and two", "one two", 6, 4],
  ["at the end of a text that grows there", "one", "one two", 3, 3],
  ["at the front of a text that grows there", "one", "zero one", 0, 0],
  ["in a text that was replaced", "abc", "xyz!", 1, 4],
  ["in a text that was emptied", "abc", "", 2, 0],
  ["between letters that repeat", "aaaa", "aaaaa", 4, 4],
])("keeps a caret beside its letters: %s", (_where, before, after, caret, shifted) => {
  expect(shiftCaret(before, after, caret)).toBe(shifted)
})

it.each<[ConnectionState, number, string]>([
  ["live", 0, "good Saved"],
  ["live", 1, "busy Saving 1 change"],
  ["live", 3, "busy Saving 3 changes"],
  ["connecting", 0, "busy Connecting"],
  ["offline", 0, "bad Reconnecting"],
  ["offline", 2, "bad Reconnecting, 2 changes to save"],
  ["denied", 0, "bad Not connected: close this window and open it again"],
])("says how a store that is %s with %i pending is", (connection, pending, told) => {
  const status: StoreStatus = {
    engine: "replica",
    storage: "memory",
    durability: "none",
    connection,
    health: "ok",
    pending,
  }
  const { tone, text } = statusText(status)
  expect(`${tone} ${text}`).toBe(told)
})

it("tells the time today, the day this year, else the date", () => {
  const now = new Date(2026, 5, 15, 12).getTime()
  expect(whenText(new Date(2026, 5, 15, 9, 5).getTime(), now)).toMatch(/0?9[:.]05/)
  expect(whenText(new Date(2026, 2, 3).getTime(), now)).toMatch(/3/)
  expect(whenText(new Date(2026, 2, 3).getTime(), now)).not.toMatch(/2026/)
  expect(whenText(new Date(2024, 2, 3).getTime(), now)).toMatch(/2024/)
})

it.each([
  [1, "One change"],
  [4, "4 changes"],
  [undefined, "Changes"],
])("tells what may be lost: %s", (pending, told) => {
  expect(lossText(pending).detail).toMatch(told)
})
