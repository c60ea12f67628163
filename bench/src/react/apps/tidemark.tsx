import { defineKinds, kind } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { createHooks, StoreProvider } from "@tidemark/react"
import { memo } from "react"
import type { App } from "../app.ts"
import { drawLine, renders } from "../line.tsx"
import { MARK, type Row } from "../row.ts"

// An entry for each row, which its line reads by key, and one with the order of all; docs/learn/react.md.
const kinds = defineKinds({
  rows: kind<Row>(),
  order: kind<readonly string[]>(),
  selected: kind<string>(),
})
const store = openStore({ kinds })
const { useKey, useSelect } = createHooks<typeof kinds>()
const NONE: readonly string[] = []

const Line = memo(function Line({ name }: { name: string }) {
  const row = useKey("rows", name)
  const isSelected = useSelect("selected", "row", (selected) => selected === name)
  return row && drawLine(app, row.id, row.label, isSelected)
})

function Lines() {
  const names = useKey("order", "rows", { initial: NONE })
  renders.lists++
  return names.map((name) => <Line key={name} name={name} />)
}

export const app: App = {
  Lines: () => (
    <StoreProvider store={store}>
      <Lines />
    </StoreProvider>
  ),
  create(rows) {
    void store.setMany("rows", rows.map(named))
    void store.set("order", "rows", rows.map(nameOf))
  },
  append(rows) {
    void store.setMany("rows", rows.map(named))
    void store.set("order", "rows", [...order(), ...rows.map(nameOf)])
  },
  update(step) {
    const marked: [string, Row][] = []
    const names = order()
    for (let index = 0; index < names.length; index += step) {
      const name = names[index] as string
      const row = store.peek("rows", name)
      if (row !== undefined) marked.push([name, { ...row, label: row.label + MARK }])
    }
    void store.setMany("rows", marked)
  },
  swap(a, b) {
    const names = [...order()]
    const [one, other] = [names[a] as string, names[b] as string]
    names[a] = other
    names[b] = one
    void store.set("order", "rows", names)
  },
  select: (id) => void store.set("selected", "row", String(id)),
  remove(id) {
    void store.delete("rows", String(id))
    void store.set(
      "order",
      "rows",
      order().filter((name) => name !== String(id)),
    )
  },
  clear() {
    void store.deleteMany("rows")
    void store.delete("order", "rows")
    void store.delete("selected", "row")
  },
}

function order(): readonly string[] {
  return store.peek("order", "rows") ?? NONE
}

function nameOf({ id }: Row): string {
  return String(id)
}

function named(row: Row): [string, Row] {
  return [nameOf(row), row]
}
