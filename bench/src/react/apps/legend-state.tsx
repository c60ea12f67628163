import { batch, type Observable, observable } from "@legendapp/state"
import { For, useValue } from "@legendapp/state/react"
import type { App } from "../app.ts"
import { drawLine, renders } from "../line.tsx"
import { MARK, type Row } from "../row.ts"

// One observable with the array of rows, drawn by an optimized `For`, whose items read what is
// theirs; many changes are batched. https://legendapp.com/open-source/state/v3/guides/performance/.
// `optimized` keeps the elements where they are and lets them show other rows: a swap moves none.
const rows$ = observable<Row[]>([])
const selected$ = observable<number | undefined>(undefined)

function Line({ item$ }: { item$: Observable<Row> }) {
  const row = useValue(item$)
  const isSelected = useValue(() => selected$.get() === row?.id)
  return row && drawLine(app, row.id, row.label, isSelected)
}

function Lines() {
  renders.lists++
  return <For each={rows$} item={Line} optimized />
}

export const app: App = {
  Lines,
  create: (rows) => rows$.set([...rows]),
  append: (rows) => void rows$.push(...rows),
  update(step) {
    batch(() => {
      const { length } = rows$.peek()
      for (let index = 0; index < length; index += step) {
        rows$[index]?.label.set((label) => label + MARK)
      }
    })
  },
  swap(a, b) {
    const rows = rows$.peek()
    const [one, other] = [rows[a] as Row, rows[b] as Row]
    batch(() => {
      rows$[a]?.set(other)
      rows$[b]?.set(one)
    })
  },
  select: (id) => selected$.set(id),
  remove(id) {
    rows$.splice(
      rows$.peek().findIndex((row) => row.id === id),
      1,
    )
  },
  clear() {
    batch(() => {
      rows$.set([])
      selected$.set(undefined)
    })
  },
}
