import { openBrowserStore } from "@tidemark/sync/browser"

let visiting

/** Counts this visit in a store that all tabs share, and tells what kept it. */
export function visit() {
  visiting ??= count()
  return visiting
}

async function count() {
  const store = await openBrowserStore({ name: "visits" })
  const visits = ((await store.get("visits", "ours")) ?? 0) + 1
  await store.set("visits", "ours", visits)
  return `visit ${visits}, kept on ${store.status.get().storage}`
}
