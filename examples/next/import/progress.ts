import { Presets, SingleBar } from "cli-progress"

/** Shows how far a long job is. */
export interface Progress {
  update(rows: number): void
  end(): void
}

/** Where progress is shown: a terminal gets a bar, anything else a line now and then. */
export type Output = NodeJS.WriteStream

/** Shows how many of `total` rows are done, at which rate, and how long the rest takes. */
export function showProgress(total: number, output: Output = process.stderr): Progress {
  return output.isTTY ? bar(total, output) : lines(total, output)
}

function bar(total: number, stream: Output): Progress {
  const single = new SingleBar(
    {
      stream,
      format: "  {bar} {percentage} %  {rows} of {all} places  {rate} rows/s  {left} left",
      hideCursor: true,
      barsize: 24,
    },
    Presets.shades_classic,
  )
  const pace = new Pace(total)
  single.start(total, 0, pace.told(0))
  return {
    update: (rows) => single.update(rows, pace.told(rows)),
    end: () => single.stop(),
  }
}

/** A line for every tenth. */
function lines(total: number, stream: Output): Progress {
  const pace = new Pace(total)
  let tenth = 0
  return {
    update(rows) {
      const { rows: done, all, rate, left } = pace.told(rows)
      const reached = Math.floor((rows / total) * 10)
      if (reached === tenth) return
      tenth = reached
      stream.write(`  ${reached * 10} %  ${done} of ${all} places  ${rate} rows/s  ${left} left\n`)
    },
    end() {},
  }
}

/** The rate since the first report: rows of an earlier run do not flatter it. */
class Pace {
  readonly #total: number
  readonly #since: number = performance.now()
  #first: number | undefined

  constructor(total: number) {
    this.#total = total
  }

  told(rows: number): { rows: string; all: string; rate: string; left: string } {
    this.#first ??= rows
    const seconds = (performance.now() - this.#since) / 1_000
    const rate = (rows - this.#first) / seconds
    const left = rate > 0 ? `${Math.ceil((this.#total - rows) / rate)} s` : "?"
    const number = (value: number) => Math.round(value).toLocaleString("en")
    return { rows: number(rows), all: number(this.#total), rate: number(rate), left }
  }
}
