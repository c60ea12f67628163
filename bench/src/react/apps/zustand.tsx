import { memo } from "react"
import { create } from "zustand"
import type { App } from "../app.ts"
import { drawLine, renders } from "../line.tsx"
import { MARK, type Row } from "../row.ts"

// State is updated immutably, each component selects what it draws, and actions stand outside of
// the store. https://zustand.docs.pmnd.rs/guides/updating-state,
// https://zustand.docs.pmnd.rs/guides/practice-with-no-store-actions
interface State {
  readonly rows: Readonly<Record<number, Row>>
  readonly ids: readonly number[]
  readonly selected: number | undefined
}
const EMPTY: State = { rows: {}, ids: [], selected: undefined }
const useTable = create<State>()(() => EMPTY)

const Line = memo(function Line({ id }: { id: number }) {
  const row = useTable((state) => state.rows[id])
  const isSelected = useTable((state) => state.selected === id)
  return row && drawLine(app, id, row.label, isSelected)
})

function Lines() {
  const ids = useTable((state) => state.ids)
  renders.lists++
  return ids.map((id) => <Line key={id} id={id} />)
}

export const app: App = {
  Lines,
  create: add,
  append: add,
  update: (step) =>
    useTable.setState(({ rows, ids }) => {
      const marked = { ...rows }
      for (let index = 0; index < ids.length; index += step) {
        const row = rows[ids[index] as number]
        if (row !== undefined) marked[row.id] = { ...row, label: row.label + MARK }
      }
      return { rows: marked }
    }),
  swap: (a, b) =>
    useTable.setState(({ ids }) => {
      const swapped = [...ids]
      swapped[a] = ids[b] as number
      swapped[b] = ids[a] as number
      return { ids: swapped }
    }),
  select: (selected) => useTable.setState({ selected }),
  remove: (id) =>
    useTable.setState(({ rows, ids }) => {
      const { [id]: _, ...rest } = rows
      return { rows: rest, ids: ids.filter((other) => other !== id) }
    }),
  clear: () => useTable.setState(EMPTY),
}

function add(more: readonly Row[]): void {
  useTable.setState(({ rows, ids }) => ({
    rows: { ...rows, ...Object.fromEntries(more.map((row) => [row.id, row])) },
    ids: [...ids, ...more.map(({ id }) => id)],
  }))
}
