import { fork } from "node:child_process"
import { fileURLToPath } from "node:url"
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads"
import type { AuthoritySettings, Order, Report } from "./authority.ts"

const script = new URL("./authority.ts", import.meta.url)
const FLAGS = ["--expose-gc", "--experimental-strip-types", "--disable-warning=ExperimentalWarning"]

/** An authority in a process of its own, over HTTP. */
export interface HttpServer {
  readonly url: string
  /** What the process weighs now. */
  weigh(): Promise<Report>
  /** Writes at an even pace; resolves when all is written. */
  write(order: { readonly changes: number; readonly perSecond: number }): Promise<Report>
  close(): Promise<void>
}

/** Two ports into a thread: one to its store, and one on which it echoes. */
export interface PortServer {
  readonly port: MessagePort
  readonly pings: MessagePort
  close(): Promise<void>
}

export async function startThread(settings: AuthoritySettings): Promise<PortServer> {
  const worker = new Worker(script, { workerData: settings, execArgv: FLAGS.slice(1) })
  const reports = inTurn<Report>((report) => worker.on("message", report))
  worker.on("error", reports.fail)
  await reports.next()
  const [store, echo] = [new MessageChannel(), new MessageChannel()]
  const order: Order = { serve: store.port2, pings: echo.port2 }
  worker.postMessage(order, [store.port2, echo.port2])
  await reports.next()
  return {
    port: store.port1,
    pings: echo.port1,
    async close() {
      store.port1.close()
      echo.port1.close()
      await worker.terminate()
    },
  }
}

export async function startProcess(settings: AuthoritySettings): Promise<HttpServer> {
  const child = fork(fileURLToPath(script), [JSON.stringify(settings)], { execArgv: FLAGS })
  const reports = inTurn<Report>((report) => child.on("message", report))
  child.on("exit", (code) => reports.fail(new Error(`The authority ended with ${code}`)))
  const order = (one: Order) => {
    child.send(one)
    return reports.next()
  }
  await reports.next()
  const { url = "" } = await order({ listen: true })
  return {
    url,
    weigh: () => order({ weigh: true }),
    write: (pace) => order({ write: pace }),
    async close() {
      const gone = new Promise((resolve) => child.once("close", resolve))
      child.kill("SIGKILL")
      await gone
    },
  }
}

/** What comes by an event, one after the other. */
function inTurn<T>(listen: (take: (item: T) => void) => void) {
  const come: T[] = []
  let failure: unknown
  let wake = () => {}
  listen((item) => {
    come.push(item)
    wake()
  })
  return {
    fail(error: unknown) {
      failure = error
      wake()
    },
    async next(): Promise<T> {
      for (;;) {
        if (failure !== undefined) throw failure
        const item = come.shift()
        if (item !== undefined) return item
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
  }
}
