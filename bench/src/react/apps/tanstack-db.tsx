import { createCollection, localOnlyCollectionOptions, useLiveQuery } from "@tanstack/react-db"
import { memo } from "react"
import type { App } from "../app.ts"
import { drawLine, renders } from "../line.tsx"
import { MARK, type Row } from "../row.ts"

// A local-only collection, one live query for the list in its order, and lines that are drawn
// again only when what they show is another. https://tanstack.com/db/latest/docs/guides/live-queries,
// https://tanstack.com/db/latest/docs/collections/local-only-collection
interface PlacedRow {
  readonly id: number
  label: string
  place: number
}
const rows = createCollection(
  localOnlyCollectionOptions({ id: "rows", getKey: (row: PlacedRow) => row.id }),
)
const marks = createCollection(
  localOnlyCollectionOptions({ id: "marks", getKey: (mark: { id: number }) => mark.id }),
)

const Line = memo(function Line({ id, label, isSelected }: Properties) {
  return drawLine(app, id, label, isSelected)
})

function Lines() {
  const { data } = useLiveQuery((q) => q.from({ row: rows }).orderBy(({ row }) => row.place))
  const { data: marked } = useLiveQuery((q) => q.from({ mark: marks }))
  renders.lists++
  return data.map(({ id, label }) => (
    <Line key={id} id={id} label={label} isSelected={id === marked[0]?.id} />
  ))
}

export const app: App = {
  Lines,
  create: add,
  append: add,
  update(step) {
    const ids = inOrder()
      .filter((_, index) => index % step === 0)
      .map(({ id }) => id)
    rows.update(ids, (drafts) => {
      for (const draft of drafts) draft.label += MARK
    })
  },
  swap(a, b) {
    const placed = inOrder()
    const [one, other] = [placed[a] as PlacedRow, placed[b] as PlacedRow]
    const places = [other.place, one.place]
    rows.update([one.id, other.id], (drafts) => {
      for (const [index, draft] of drafts.entries()) draft.place = places[index] as number
    })
  },
  select(id) {
    const before = [...marks.keys()]
    if (before.length > 0) marks.delete(before)
    marks.insert({ id })
  },
  remove: (id) => void rows.delete(id),
  clear() {
    if (rows.size > 0) rows.delete([...rows.keys()])
    if (marks.size > 0) marks.delete([...marks.keys()])
  },
}

function add(more: readonly Row[]): void {
  const first = (inOrder().at(-1)?.place ?? -1) + 1
  rows.insert(more.map((row, index) => ({ ...row, place: first + index })))
}

function inOrder(): PlacedRow[] {
  return rows.toArray.sort((a, b) => a.place - b.place)
}

interface Properties {
  readonly id: number
  readonly label: string
  readonly isSelected: boolean
}
