import { createRoot } from "react-dom/client"
import type { App } from "./app.ts"
import { type Renders, renders } from "./line.tsx"
import { type Operation, operationsOf } from "./operations.ts"
import { markupOf, type Row, type Shown } from "./row.ts"

/** What the other side calls in the page of one library. */
export interface TableBench {
  /** Makes the table ready for the operation at a place of `operationsOf`, and collects the garbage. */
  prepare(index: number): Promise<void>
  /** Does it. Gives the milliseconds from the click until the page was painted. */
  run(): Promise<number>
  /** How often components were rendered meanwhile. @throws when the markup is not as it must be. */
  check(): Renders
}

declare global {
  interface Window {
    bench: TableBench
    /** Collects the garbage: the browser is started so that it is there. */
    gc(): void
  }
}

/** Frames that a table has to become ready, which is not measured. */
const PATIENCE = 500

/** Shows the table of a library, with a button that does what is to be measured. */
export function show(app: App, size: number, seed: number): void {
  let firstId = 1
  let operation: Operation | undefined
  let added: Row[] = []
  const { Lines } = app
  const root = document.createElement("main")
  document.body.append(root)
  createRoot(root).render(
    <>
      {/* React draws at once what a click has changed, and anything else when it finds time. */}
      <button type="button" onClick={() => operation?.run(app, added)}>
        Go
      </button>
      <table>
        <tbody>
          <Lines />
        </tbody>
      </table>
    </>,
  )

  const shows = (shown: Shown) => root.querySelector("tbody")?.innerHTML === markupOf(shown)
  const become = async (shown: Shown) => {
    for (let frame = 0; !shows(shown); frame++) {
      if (frame === PATIENCE) throw new Error(`Not ready for "${operation?.what}"`)
      await painted()
    }
  }

  window.bench = {
    async prepare(index) {
      // As in js-framework-benchmark, no row ever comes back.
      operation = operationsOf(size, seed, firstId)[index] as Operation
      firstId += 20 * size
      app.clear()
      await become({ rows: [], selected: undefined })
      const { rows } = operation.before
      if (rows.length > 0) app.create(copied(rows))
      await become(operation.before)
      await painted()
      added = copied(operation.added)
      window.gc()
      Object.assign(renders, { lines: 0, lists: 0 })
    },
    async run() {
      const button = root.querySelector("button")
      const start = performance.now()
      button?.click()
      return (await painted()) - start
    },
    check() {
      const counted = { ...renders }
      if (operation === undefined || shows(operation.after)) return counted
      throw new Error(`Not shown in the first frame after "${operation.what}"`)
    },
  }
}

/** Each run has rows of its own: some libraries change what they are given. */
function copied(rows: readonly Row[]): Row[] {
  return rows.map((row) => ({ ...row }))
}

/** When the next frame has been painted: what is posted while it is made comes right after it. */
function painted(): Promise<number> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel()
      port2.onmessage = () => {
        port2.close()
        resolve(performance.now())
      }
      port1.postMessage(undefined)
    })
  })
}
