import type { Change } from "@tidemark/core"
import { type Difference, differences } from "./differences.ts"
import { previewText } from "./text.ts"

/** So many differences are told. */
const TOLD = 4
/** So much of a value is told. */
const SHOWN = 200
const SHOWN_PART = 40
/** A line in a log is not worth a long comparison. */
const LONGEST_LIST = 50

const texts = new WeakMap<Change, string>()

/** A change on one line: what is different after an update, as far as that is known, else the value. */
export function changeText(change: Change): string {
  let text = texts.get(change)
  if (text === undefined) {
    text =
      change.type === "update" && change.previous !== undefined
        ? updateText(change)
        : valueText(change)
    texts.set(change, text)
  }
  return text
}

function updateText(change: Change): string {
  const found = differences(change.previous, change.value, LONGEST_LIST)
  if (found.length === 0) return valueText(change)
  const told = found.slice(0, TOLD).map(differenceText)
  return found.length > TOLD ? `${told.join(", ")}, …` : told.join(", ")
}

function differenceText({ type, path, before, after }: Difference): string {
  const name = path === "" ? "" : `${path}: `
  if (type === "added") return `+ ${name}${previewText(after, SHOWN_PART)}`
  if (type === "removed") return `− ${path}`
  if (type === "moved") return `${path}[${String(before)}] → [${String(after)}]`
  return `${name}${previewText(before, SHOWN_PART)} → ${previewText(after, SHOWN_PART)}`
}

function valueText({ value }: Change): string {
  return previewText(value, SHOWN)
}
