import { type ReactNode, useEffect, useRef } from "react"
import { SOURCE } from "../atlas/source.ts"

export interface HeadProps {
  readonly text: string
  readonly onText: (text: string) => void
  /** Goes on to what was found. */
  readonly onLeave: () => void
  readonly found: number
  readonly total: number
  readonly isSearching: boolean
}

/** The name of the page, the search, and how many places it finds. */
export function Head({ text, onText, onLeave, found, total, isSearching }: HeadProps): ReactNode {
  const field = useRef<HTMLInputElement>(null)
  useSlashKey(field)
  return (
    <header className="head">
      <div className="title">
        <Mark />
        <h1>Atlas</h1>
        <p className="source">
          {total.toLocaleString("en")} places from <a href={SOURCE.url}>{SOURCE.name}</a>,{" "}
          <a href={SOURCE.licenseUrl}>{SOURCE.license}</a>
        </p>
      </div>
      <search className="search">
        <SearchIcon />
        <input
          ref={field}
          type="search"
          aria-label="Search places"
          placeholder="Search by name, region or country"
          autoComplete="off"
          autoCorrect="off"
          spellCheck={false}
          enterKeyHint="search"
          value={text}
          onChange={(event) => onText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape" && text !== "") onText("")
            if (event.key === "Enter" || event.key === "ArrowDown") {
              event.preventDefault()
              onLeave()
            }
          }}
        />
        <kbd title="Press / to search">/</kbd>
        <output className="found" aria-live="polite">
          {isSearching ? `${found.toLocaleString("en")} found` : ""}
        </output>
      </search>
    </header>
  )
}

/** The key that leads to the search from anywhere but another field. */
function useSlashKey(field: { readonly current: HTMLInputElement | null }): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return
      if (event.target instanceof Element && event.target.closest("input, textarea, select")) return
      event.preventDefault()
      field.current?.focus()
    }
    addEventListener("keydown", onKey)
    return () => removeEventListener("keydown", onKey)
  }, [field])
}

function Mark(): ReactNode {
  return (
    <svg className="mark" viewBox="0 0 32 32" aria-hidden="true">
      <circle cx="16" cy="16" r="12.5" />
      <ellipse cx="16" cy="16" rx="5.5" ry="12.5" />
      <path d="M3.5 16h25M6 9.5h20M6 22.5h20" />
    </svg>
  )
}

function SearchIcon(): ReactNode {
  return (
    <svg className="search-icon" viewBox="0 0 20 20" aria-hidden="true">
      <circle cx="9" cy="9" r="5.5" />
      <path d="m13.2 13.2 4 4" />
    </svg>
  )
}
