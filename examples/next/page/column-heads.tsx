import type { ReactNode } from "react"
import type { Column, Sort } from "./order.ts"

const COLUMNS: readonly { readonly column: Column; readonly label: string }[] = [
  { column: "name", label: "Name" },
  { column: "country", label: "Country" },
  { column: "latitude", label: "Latitude" },
  { column: "stars", label: "Stars" },
]

/** The height of the heads in pixels; the same as in `styles/table.css`. */
export const HEAD_HEIGHT = 40

export interface ColumnHeadsProps {
  readonly sort: Sort
  readonly onSort: (column: Column) => void
}

/** The heads of the columns; each sorts by its column. */
export function ColumnHeads({ sort, onSort }: ColumnHeadsProps): ReactNode {
  return (
    <thead>
      <tr className="row heads" aria-rowindex={1}>
        {COLUMNS.map(({ column, label }) => {
          const isSorted = sort.column === column
          const direction = sort.descending ? "descending" : "ascending"
          return (
            <th
              key={column}
              className={`cell-${column}`}
              scope="col"
              aria-sort={isSorted ? direction : "none"}
            >
              <button type="button" onClick={() => onSort(column)}>
                {label}
                <span className="arrow" aria-hidden="true">
                  {isSorted ? (sort.descending ? "↓" : "↑") : ""}
                </span>
              </button>
            </th>
          )
        })}
      </tr>
    </thead>
  )
}
