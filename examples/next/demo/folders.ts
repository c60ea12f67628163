import { createRequire } from "node:module"
import path from "node:path"

/** The folder of the example. */
export const home: string = path.resolve(import.meta.dirname, "..")

/** Where Next puts the production build. */
export const built: string = path.join(home, ".next")

/** The program of Next. It becomes the server itself: no wrapper stands between. */
export const next: string = createRequire(import.meta.url).resolve("next/dist/bin/next")
