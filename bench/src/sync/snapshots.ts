import { connect } from "@tidemark/sync"
import { httpChannel } from "@tidemark/sync/http-client"
import { timed } from "../case.ts"
import { freshFile } from "../folder.ts"
import { median } from "../measure.ts"
import { startProcess } from "./start-authority.ts"

/** A first state over HTTP, beside the same entries as one JSON text; milliseconds. */
export interface FirstState {
  readonly rows: number
  /** Bytes of the text. */
  readonly bytes: number
  readonly plainMs: number
  readonly oursMs: number
}

export async function measureFirstState(
  places: number,
  rounds: number,
  progress: (text: string) => void,
): Promise<FirstState> {
  progress("a first state: filling the authority")
  const server = await startProcess({ path: freshFile(), durability: "process", places })
  let rows = 0
  let bytes = 0
  const fetched = async () => {
    const text = await (await fetch(new URL("/places", server.url))).text()
    bytes = Buffer.byteLength(text)
    return JSON.parse(text) as unknown[]
  }
  const followed = async () => {
    const store = connect(httpChannel(server.url))
    rows = await store.count("places")
    return store
  }
  const [plain, ours]: [number[], number[]] = [[], []]
  for (let round = 0; round <= rounds; round++) {
    progress(`a first state, round ${round} of ${rounds}`)
    globalThis.gc?.()
    const plainMs = await timed(fetched)
    globalThis.gc?.()
    let store: Awaited<ReturnType<typeof followed>> | undefined
    const oursMs = await timed(async () => {
      store = await followed()
    })
    await store?.close()
    if (round === 0) continue // Warms up.
    plain.push(plainMs)
    ours.push(oursMs)
  }
  await server.close()
  return { rows, bytes, plainMs: median(plain), oursMs: median(ours) }
}
