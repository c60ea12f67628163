export { browserStore } from "./next/browser-store.ts"
