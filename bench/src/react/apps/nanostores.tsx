import { useStore } from "@nanostores/react"
import { atom, type WritableAtom } from "nanostores"
import { memo } from "react"
import type { App } from "../app.ts"
import { drawLine, renders } from "../line.tsx"
import { MARK, type Row } from "../row.ts"

// Many small stores, so that no component runs for a change of what it does not draw.
// https://github.com/nanostores/nanostores#readme
interface RowStores {
  readonly id: number
  readonly $row: WritableAtom<Row>
  readonly $isSelected: WritableAtom<boolean>
}
const $rows = atom<readonly RowStores[]>([])
const $selected = atom<RowStores | undefined>(undefined)

const Line = memo(function Line({ stores: { id, $row, $isSelected } }: { stores: RowStores }) {
  return drawLine(app, id, useStore($row).label, useStore($isSelected))
})

function Lines() {
  const rows = useStore($rows)
  renders.lists++
  return rows.map((stores) => <Line key={stores.id} stores={stores} />)
}

export const app: App = {
  Lines,
  create: add,
  append: add,
  update(step) {
    for (const [index, { $row }] of $rows.get().entries()) {
      if (index % step !== 0) continue
      const row = $row.get()
      $row.set({ ...row, label: row.label + MARK })
    }
  },
  swap(a, b) {
    const rows = [...$rows.get()]
    const [one, other] = [rows[a] as RowStores, rows[b] as RowStores]
    rows[a] = other
    rows[b] = one
    $rows.set(rows)
  },
  select(id) {
    const row = $rows.get().find((stores) => stores.id === id)
    $selected.get()?.$isSelected.set(false)
    row?.$isSelected.set(true)
    $selected.set(row)
  },
  remove: (id) => $rows.set($rows.get().filter((row) => row.id !== id)),
  clear() {
    $rows.set([])
    $selected.set(undefined)
  },
}

function add(more: readonly Row[]): void {
  $rows.set([...$rows.get(), ...more.map(storesOf)])
}

function storesOf(row: Row): RowStores {
  return { id: row.id, $row: atom(row), $isSelected: atom(false) }
}
