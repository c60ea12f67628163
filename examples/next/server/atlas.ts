import { openStore } from "@tidemark/core/better-sqlite3"
import { createHandler } from "@tidemark/sync/http-handler"
import Database from "better-sqlite3"
import { type AtlasStore, kinds } from "../atlas/kinds.ts"
import { authorize } from "./authorize.ts"
import { dataFile } from "./data-file.ts"

/** The server's part: the store, and the handler that browsers follow it through. */
export interface Atlas {
  readonly store: AtlasStore
  readonly handler: (request: Request) => Promise<Response>
}

// On the global object: the page and the route are separate bundles, and a reload of the code in
// development must not open the file twice.
const shared = globalThis as { tidemarkAtlas?: Atlas }

/** Opens the store at the first call. */
export function atlas(): Atlas {
  shared.tidemarkAtlas ??= open()
  return shared.tidemarkAtlas
}

/** Lets go of the store: streams to browsers end, and what was acknowledged is in the file. */
export async function closeAtlas(): Promise<void> {
  await shared.tidemarkAtlas?.store.close()
}

function open(): Atlas {
  const store = openStore({ path: dataFile(), kinds, driver: Database, strict: true })
  const handler = createHandler(store, { authorize, onError: (error) => console.error(error) })
  return { store, handler }
}
