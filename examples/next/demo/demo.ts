// `npm run demo`: imports the places, builds the page and serves it, each only when it is needed.
import { StoreError } from "@tidemark/core"
import { dataFolder } from "../server/data-file.ts"
import { addressOf, checkFree, urlOf } from "./address.ts"
import { ensureBuild } from "./ensure-build.ts"
import { preparePlaces } from "./prepare-places.ts"
import { startServer } from "./server.ts"

try {
  await demo()
} catch (error) {
  console.error(StoreError.is(error) ? `${error.name} ${error.code}: ${error.message}` : error)
  process.exitCode = 1
}

async function demo(): Promise<void> {
  const address = addressOf(process.env)
  await checkFree(address)
  await preparePlaces(process.env)
  await ensureBuild()
  const server = await startServer(address, dataFolder(process.env))
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => server.stop())
  }
  console.log("Atlas is open, in as many windows as you like:")
  console.log(urlOf(address))
  const code = await server.ended
  // Ended by a signal of ours is a good end.
  process.exitCode = code === 143 || code === 130 ? 0 : code
  process.disconnect?.()
}
