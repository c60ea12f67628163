import type { Change } from "./change.ts"
import type { Store } from "./store.ts"
import type { Target } from "./target.ts"

/** Who wants to know that there is something new, and reads it by itself. */
export interface NewsReader {
  /** There may be changes after the last ones that were read; the change, where one alone told so. */
  news(change?: Change): void
  /** The store has closed. */
  ended(): void
}

/** Tells a reader of changes of a target, whatever becomes of the sequence; the result ends it. */
export function onNews(
  store: Pick<Store, "watch">,
  target: Target,
  reader: NewsReader,
): () => void {
  let stop = () => {}
  const follow = () => {
    const subscription = store.watch(target).subscribe({
      next: (change) => reader.news(change),
      error: (error) => {
        if (error.code === "closed") return reader.ended()
        // The log has been cut, or replaced: whoever reads it finds out.
        follow()
        reader.news()
      },
      complete: () => reader.ended(),
    })
    stop = () => subscription.unsubscribe()
  }
  follow()
  return () => stop()
}
