import type { App } from "./app.ts"
import { MARK, type Row, rowsOf, type Shown } from "./row.ts"

/** Something that is done to a table, and what it must show then. */
export interface Operation {
  readonly what: string
  /** How often it is done in a page before it is measured there, and how often it is measured. */
  readonly warmUps: number
  readonly samples: number
  /** What the table shows before. */
  readonly before: Shown
  readonly after: Shown
  /** The rows that it adds. */
  readonly added: readonly Row[]
  /** Does it; `added` is a copy that the application may keep. */
  run(app: App, added: Row[]): void
}

/**
 * The operations of js-framework-benchmark, for a table of `size` rows where that has 1,000; and
 * one more, the change of one row in a large table. Ids are counted from `firstId`.
 */
export function operationsOf(size: number, seed: number, firstId = 1): readonly Operation[] {
  const rows = rowsOf(seed, size, firstId)
  const many = rowsOf(seed, size * 10, firstId)
  const more = rowsOf(seed, size, firstId + size)
  const plain = (shown: readonly Row[]): Shown => ({ rows: shown, selected: undefined })
  const [first, last] = [1, size - 2]
  const chosen = (rows[5] as Row).id
  const removed = (rows[4] as Row).id
  return [
    {
      what: `create ${amount(size)} rows`,
      warmUps: 5,
      samples: 4,
      before: plain([]),
      after: plain(rows),
      added: rows,
      run: (app, added) => app.create(added),
    },
    {
      what: `create ${amount(size * 10)} rows`,
      warmUps: 1,
      samples: 1,
      before: plain([]),
      after: plain(many),
      added: many,
      run: (app, added) => app.create(added),
    },
    {
      what: `append ${amount(size)} to ${amount(size)} rows`,
      warmUps: 3,
      samples: 4,
      before: plain(rows),
      after: plain([...rows, ...more]),
      added: more,
      run: (app, added) => app.append(added),
    },
    {
      what: `update every 10th of ${amount(size)} rows`,
      warmUps: 5,
      samples: 4,
      before: plain(rows),
      after: plain(marked(rows, 10)),
      added: [],
      run: (app) => app.update(10),
    },
    {
      what: `update one of ${amount(size * 10)} rows`,
      warmUps: 1,
      samples: 1,
      before: plain(many),
      after: plain(marked(many, many.length)),
      added: [],
      run: (app) => app.update(many.length),
    },
    {
      what: `swap two of ${amount(size)} rows`,
      warmUps: 5,
      samples: 4,
      before: plain(rows),
      after: plain(swapped(rows, first, last)),
      added: [],
      run: (app) => app.swap(first, last),
    },
    {
      what: `select one of ${amount(size)} rows`,
      warmUps: 5,
      samples: 4,
      before: plain(rows),
      after: { rows, selected: chosen },
      added: [],
      run: (app) => app.select(chosen),
    },
    {
      what: `remove one of ${amount(size)} rows`,
      warmUps: 5,
      samples: 4,
      before: plain(rows),
      after: plain(rows.filter(({ id }) => id !== removed)),
      added: [],
      run: (app) => app.remove(removed),
    },
    {
      what: `clear ${amount(size)} rows`,
      warmUps: 5,
      samples: 4,
      before: plain(rows),
      after: plain([]),
      added: [],
      run: (app) => app.clear(),
    },
  ]
}

function marked(rows: readonly Row[], step: number): readonly Row[] {
  return rows.map((row, index) => (index % step === 0 ? { ...row, label: row.label + MARK } : row))
}

function swapped(rows: readonly Row[], a: number, b: number): readonly Row[] {
  return rows.with(a, rows[b] as Row).with(b, rows[a] as Row)
}

function amount(value: number): string {
  return value.toLocaleString("en")
}
