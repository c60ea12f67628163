import type { VNode } from "preact"
import type { EventFilter } from "../event-rows.ts"
import { nameText, numberText } from "../text.ts"
import { Icon } from "./icon.tsx"

const TYPES = ["create", "update", "delete"] as const

/** Which changes the log shows, and whether it goes on. */
export function EventBar({
  filter,
  kinds,
  shown,
  paused,
  onFilter,
  onPaused,
  onClear,
}: {
  readonly filter: EventFilter
  /** The kinds that the log has changes of. */
  readonly kinds: readonly string[]
  /** How many changes are shown. */
  readonly shown: number
  readonly paused: boolean
  readonly onFilter: (filter: EventFilter) => void
  readonly onPaused: (paused: boolean) => void
  readonly onClear: () => void
}): VNode {
  const choices =
    filter.kind === "" || kinds.includes(filter.kind) ? kinds : [...kinds, filter.kind]
  return (
    <div class="toolbar">
      <button type="button" class="button" aria-pressed={paused} onClick={() => onPaused(!paused)}>
        <Icon name={paused ? "play" : "pause"} />
        {paused ? "Resume" : "Pause"}
      </button>
      <button
        type="button"
        class="icon-button"
        aria-label="Clear the log"
        title="Clear the log"
        onClick={onClear}
      >
        <Icon name="clear" />
      </button>
      <select
        aria-label="Kind"
        value={filter.kind}
        onChange={(event) => onFilter({ ...filter, kind: event.currentTarget.value })}
      >
        <option value="">All kinds</option>
        {choices.map((kind) => (
          <option key={kind} value={kind}>
            {nameText(kind)}
          </option>
        ))}
      </select>
      <select
        aria-label="Type"
        value={filter.type}
        onChange={(event) =>
          onFilter({
            ...filter,
            type: TYPES.find((type) => type === event.currentTarget.value) ?? "",
          })
        }
      >
        <option value="">All types</option>
        {TYPES.map((type) => (
          <option key={type} value={type}>
            {type}
          </option>
        ))}
      </select>
      <input
        type="search"
        aria-label="Filter by text"
        placeholder="Key, value, origin, cause…"
        value={filter.text}
        spellcheck={false}
        autocomplete="off"
        onInput={(event) => onFilter({ ...filter, text: event.currentTarget.value })}
      />
      <output class="count">{numberText(shown)}</output>
    </div>
  )
}
