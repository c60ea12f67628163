import { openStore } from "@tidemark/core/better-sqlite3"
import { serverStore } from "@tidemark/react/next"
import Database from "better-sqlite3"
import { kinds } from "../atlas/kinds.ts"
import { dataFile } from "./data-file.ts"

/** The server's store: opened by the first request, closed when the server is told to stop. */
export const atlas = serverStore("atlas", () =>
  openStore({ path: dataFile(), kinds, driver: Database, strict: true }),
)
