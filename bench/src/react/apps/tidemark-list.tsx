import { defineKinds, type EntryOf, kind } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { createHooks, StoreProvider } from "@tidemark/react"
import { memo } from "react"
import type { App } from "../app.ts"
import { drawLine, renders } from "../line.tsx"
import { MARK, type Row } from "../row.ts"

// One query for the list, whose unchanged entries stay the same objects; docs/learn/react.md.
interface PlacedRow extends Row {
  readonly place: number
}
const kinds = defineKinds({ rows: kind<PlacedRow>(), selected: kind<number>() })
const store = openStore({ kinds })
const { useKind, useSelect } = createHooks<typeof kinds>()

const Line = memo(function Line({ entry }: { entry: EntryOf<typeof kinds, "rows"> }) {
  const { id, label } = entry.value
  const isSelected = useSelect("selected", "row", (selected) => selected === id)
  return drawLine(app, id, label, isSelected)
})

function Lines() {
  const entries = useKind("rows", { orderBy: "place" })
  renders.lists++
  return entries.map((entry) => <Line key={entry.key} entry={entry} />)
}

export const app: App = {
  Lines: () => (
    <StoreProvider store={store}>
      <Lines />
    </StoreProvider>
  ),
  create: add,
  append: add,
  update(step) {
    const marked = shown()
      .filter((_, index) => index % step === 0)
      .map(({ key, value }) => [key, { ...value, label: value.label + MARK }] as const)
    void store.setMany("rows", marked)
  },
  swap(a, b) {
    const entries = shown()
    const [one, other] = [entries[a], entries[b]]
    if (one === undefined || other === undefined) return
    void store.setMany("rows", [
      [one.key, { ...one.value, place: other.value.place }],
      [other.key, { ...other.value, place: one.value.place }],
    ])
  },
  select: (id) => void store.set("selected", "row", id),
  remove: (id) => void store.delete("rows", String(id)),
  clear() {
    void store.deleteMany("rows")
    void store.delete("selected", "row")
  },
}

function add(rows: readonly Row[]): void {
  const last = shown().at(-1)?.value.place ?? 0
  void store.setMany(
    "rows",
    rows.map((row, index) => [String(row.id), { ...row, place: last + 1 + index }] as const),
  )
}

function shown() {
  return store.liveList("rows", { orderBy: "place" }).get()
}
