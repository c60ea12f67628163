import { memo } from "react"
import { createStore } from "tinybase"
import { Provider, useCell, useSortedRowIds } from "tinybase/ui-react"
import type { App } from "../app.ts"
import { drawLine, renders } from "../line.tsx"
import { MARK, type Row } from "../row.ts"

// A table with a cell for what a line draws, each with a listener of its own, the ids of its rows
// in the order of a cell, and transactions around what belongs together.
// https://tinybase.org/guides/building-uis/using-react-hooks/,
// https://tinybase.org/guides/the-basics/transactions/
const store = createStore()

const Line = memo(function Line({ id }: { id: string }) {
  const label = useCell("rows", id, "label")
  const isSelected = useCell("rows", id, "selected")
  return drawLine(app, Number(id), String(label), isSelected === true)
})

function Lines() {
  const ids = useSortedRowIds("rows", "place")
  renders.lists++
  return ids.map((id) => <Line key={id} id={id} />)
}

export const app: App = {
  Lines: () => (
    <Provider store={store}>
      <Lines />
    </Provider>
  ),
  create(rows) {
    store.setTable(
      "rows",
      Object.fromEntries(rows.map((row, place) => [row.id, cells(row, place)])),
    )
  },
  append(rows) {
    store.transaction(() => {
      const first = 1 + placeOf(store.getSortedRowIds("rows", "place").at(-1))
      for (const [index, row] of rows.entries()) {
        store.setRow("rows", String(row.id), cells(row, first + index))
      }
    })
  },
  update(step) {
    store.transaction(() => {
      const ids = store.getSortedRowIds("rows", "place")
      for (let index = 0; index < ids.length; index += step) {
        store.setCell("rows", ids[index] as string, "label", (label) => `${label}${MARK}`)
      }
    })
  },
  swap(a, b) {
    store.transaction(() => {
      const ids = store.getSortedRowIds("rows", "place")
      const [one, other] = [ids[a] as string, ids[b] as string]
      const [placeOfOne, placeOfOther] = [placeOf(one), placeOf(other)]
      store.setCell("rows", one, "place", placeOfOther)
      store.setCell("rows", other, "place", placeOfOne)
    })
  },
  select(id) {
    store.transaction(() => {
      const before = store.getValue("selected")
      if (before !== undefined) store.delCell("rows", String(before), "selected")
      store.setCell("rows", String(id), "selected", true)
      store.setValue("selected", String(id))
    })
  },
  remove: (id) => store.delRow("rows", String(id)),
  clear() {
    store.transaction(() => {
      store.delTable("rows")
      store.delValue("selected")
    })
  },
}

function cells({ label }: Row, place: number): { label: string; place: number } {
  return { label, place }
}

function placeOf(id: string | undefined): number {
  return id === undefined ? -1 : Number(store.getCell("rows", id, "place"))
}
