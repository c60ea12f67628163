/** What a key asks of a list. */
export type ListAct =
  | { readonly type: "move"; readonly to: number }
  | { readonly type: "press" }
  | { readonly type: "side"; readonly side: "left" | "right" }

/** Where a list stands. */
export interface ListPlace {
  /** The active row; -1 for none. */
  readonly active: number
  readonly count: number
  /** How many rows a page has. */
  readonly page: number
}

/** The keys of a list: arrows, Page Up and Down, Home, End, Enter and Space. */
export function listKey(
  event: Pick<KeyboardEvent, "key" | "altKey" | "ctrlKey" | "metaKey">,
  { active, count, page }: ListPlace,
): ListAct | undefined {
  if (count === 0 || event.altKey || event.ctrlKey || event.metaKey) return undefined
  const move = (to: number): ListAct => ({ type: "move", to: Math.min(Math.max(to, 0), count - 1) })
  switch (event.key) {
    case "ArrowDown":
      return move(active + 1)
    case "ArrowUp":
      return move(active < 0 ? count - 1 : active - 1)
    case "PageDown":
      return move(Math.max(active, 0) + page)
    case "PageUp":
      return move(active - page)
    case "Home":
      return move(0)
    case "End":
      return move(count - 1)
    case "Enter":
    case " ":
      return active < 0 ? undefined : { type: "press" }
    case "ArrowLeft":
      return active < 0 ? undefined : { type: "side", side: "left" }
    case "ArrowRight":
      return active < 0 ? undefined : { type: "side", side: "right" }
    default:
      return undefined
  }
}
