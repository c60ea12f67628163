import { openStore } from "@tidemark/core/better-sqlite3"

/** Opens a store with no word about its driver. */
export async function POST() {
  const store = openStore({ path: "plain.db" })
  const { outcome } = await store.set("visits", "ours", 1)
  await store.close()
  return new Response(outcome)
}
