// Builds the application into a folder: `dist`, or the one given.
import path from "node:path"
import { build } from "./bundles.mjs"

await build(path.resolve(process.argv[2] ?? path.join(import.meta.dirname, "..", "dist")))
