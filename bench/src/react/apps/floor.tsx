import { memo, useState } from "react"
import type { App } from "../app.ts"
import { drawLine, renders } from "../line.tsx"
import { MARK, type Shown } from "../row.ts"

// React alone: the rows in the state of one component, and lines that are drawn again only when
// their properties are others. https://react.dev/reference/react/memo
const EMPTY: Shown = { rows: [], selected: undefined }
let setShown: (change: (shown: Shown) => Shown) => void = () => {}

const Line = memo(function Line({ id, label, isSelected }: Properties) {
  return drawLine(app, id, label, isSelected)
})

function Lines() {
  const [{ rows, selected }, set] = useState(EMPTY)
  setShown = set
  renders.lists++
  return rows.map(({ id, label }) => (
    <Line key={id} id={id} label={label} isSelected={id === selected} />
  ))
}

export const app: App = {
  Lines,
  create: (rows) => setShown((shown) => ({ ...shown, rows })),
  append: (more) => setShown((shown) => ({ ...shown, rows: [...shown.rows, ...more] })),
  update: (step) =>
    setShown((shown) => ({
      ...shown,
      rows: shown.rows.map((row, index) =>
        index % step === 0 ? { ...row, label: row.label + MARK } : row,
      ),
    })),
  swap: (a, b) =>
    setShown((shown) => {
      const rows = [...shown.rows]
      const [one, other] = [rows[a], rows[b]]
      if (one === undefined || other === undefined) return shown
      rows[a] = other
      rows[b] = one
      return { ...shown, rows }
    }),
  select: (selected) => setShown((shown) => ({ ...shown, selected })),
  remove: (id) =>
    setShown((shown) => ({ ...shown, rows: shown.rows.filter((row) => row.id !== id) })),
  clear: () => setShown(() => EMPTY),
}

interface Properties {
  readonly id: number
  readonly label: string
  readonly isSelected: boolean
}
