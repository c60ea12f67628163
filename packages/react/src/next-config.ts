export { type ConfigFunction, withTidemark } from "./next/with-tidemark.ts"
