import { Search, SquarePen } from "lucide-react"
import type { ReactNode, Ref } from "react"

export interface SearchFieldProps {
  readonly ref: Ref<HTMLInputElement>
  readonly value: string
  readonly onChange: (value: string) => void
  readonly onCreate: () => void
}

export function SearchField({ ref, value, onChange, onCreate }: SearchFieldProps): ReactNode {
  return (
    <div className="search">
      <label className="search-field">
        <Search aria-hidden="true" />
        <input
          ref={ref}
          type="search"
          aria-label="Search the notes"
          placeholder="Search"
          value={value}
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape") onChange("")
          }}
        />
      </label>
      <button type="button" className="icon-button" onClick={onCreate} aria-label="New note">
        <SquarePen aria-hidden="true" />
      </button>
    </div>
  )
}
