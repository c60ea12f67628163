import { atom, createStore, type PrimitiveAtom, Provider, useAtomValue } from "jotai"
import { memo, useMemo } from "react"
import type { App } from "../app.ts"
import { drawLine, renders } from "../line.tsx"
import { MARK, type Row } from "../row.ts"

// Atoms in an atom: each row is one, and so is the list of them; what a line asks of another atom
// is derived. https://jotai.org/docs/guides/atoms-in-atom
type RowAtom = PrimitiveAtom<Row>
const store = createStore()
const rowsAtom = atom<readonly RowAtom[]>([])
const selectedAtom = atom<number | undefined>(undefined)

const Line = memo(function Line({ rowAtom }: { rowAtom: RowAtom }) {
  const { id, label } = useAtomValue(rowAtom)
  const isSelectedAtom = useMemo(() => atom((get) => get(selectedAtom) === id), [id])
  return drawLine(app, id, label, useAtomValue(isSelectedAtom))
})

function Lines() {
  const rows = useAtomValue(rowsAtom)
  renders.lists++
  return rows.map((rowAtom) => <Line key={`${rowAtom}`} rowAtom={rowAtom} />)
}

const addAtom = atom(null, (get, set, more: readonly Row[]) => {
  set(rowsAtom, [...get(rowsAtom), ...more.map((row) => atom(row))])
})

const updateAtom = atom(null, (get, set, step: number) => {
  for (const [index, rowAtom] of get(rowsAtom).entries()) {
    if (index % step === 0) set(rowAtom, (row) => ({ ...row, label: row.label + MARK }))
  }
})

const swapAtom = atom(null, (get, set, a: number, b: number) => {
  const rows = get(rowsAtom)
  const swapped = [...rows]
  swapped[a] = rows[b] as RowAtom
  swapped[b] = rows[a] as RowAtom
  set(rowsAtom, swapped)
})

const removeAtom = atom(null, (get, set, id: number) => {
  const rows = get(rowsAtom)
  set(
    rowsAtom,
    rows.filter((rowAtom) => get(rowAtom).id !== id),
  )
})

const clearAtom = atom(null, (_get, set) => {
  set(rowsAtom, [])
  set(selectedAtom, undefined)
})

export const app: App = {
  Lines: () => (
    <Provider store={store}>
      <Lines />
    </Provider>
  ),
  create: (rows) => store.set(addAtom, rows),
  append: (rows) => store.set(addAtom, rows),
  update: (step) => store.set(updateAtom, step),
  swap: (a, b) => store.set(swapAtom, a, b),
  select: (id) => store.set(selectedAtom, id),
  remove: (id) => store.set(removeAtom, id),
  clear: () => store.set(clearAtom),
}
