import { browserStore } from "@tidemark/react/next/client"
import { connect } from "@tidemark/sync"
import { httpChannel } from "@tidemark/sync/http-client"
import { kinds, SHARED } from "../atlas/kinds.ts"
import { tell } from "./loading.ts"
import { openStorage } from "./storage.ts"
import { toldStorage } from "./told-storage.ts"

/** The store of this tab, opened at the first call; nothing on the server. */
export const clientStore = browserStore("atlas", async () => {
  const opened = await openStorage()
  if ("notice" in opened) tell({ notice: opened.notice })
  return connect(httpChannel("/api/tidemark"), {
    kinds,
    follow: SHARED,
    onProgress: tell,
    onRefused: (error) => tell({ refusal: error.message }),
    ...("storage" in opened
      ? { storage: toldStorage(opened.storage, (isKeeping) => tell({ isKeeping })) }
      : {}),
  })
})
