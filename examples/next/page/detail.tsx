import { type ReactNode, useEffect, useRef } from "react"
import { BLANK } from "../atlas/kinds.ts"
import { latitudeText, longitudeText } from "./coordinates.ts"
import { useKey, useStatus } from "./hooks.ts"
import { Locator } from "./locator.tsx"
import { MarkEditor } from "./mark-editor.tsx"
import type { Countries } from "./place-index.ts"

export interface DetailProps {
  /** The key of the place. */
  readonly id: string
  readonly countries: Countries
  readonly onClose: () => void
}

/** One place: where it is, and what people say of it. */
export function Detail({ id, countries, onClose }: DetailProps): ReactNode {
  const place = useKey("places", id)
  const mark = useKey("marks", id, { initial: BLANK })
  const isOpen = useStatus() !== undefined
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  return (
    <section
      className="detail"
      aria-labelledby="detail-name"
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose()
      }}
    >
      <header className="detail-head">
        <h2 id="detail-name" ref={heading} tabIndex={-1}>
          {place?.name ?? "…"}
        </h2>
        <button type="button" className="close" aria-label="Close" onClick={onClose}>
          <svg viewBox="0 0 20 20" aria-hidden="true">
            <path d="m5 5 10 10M15 5 5 15" />
          </svg>
        </button>
      </header>
      {place !== undefined && (
        <>
          <p className="where">
            {[place.region, countries[place.country] ?? place.country].filter(Boolean).join(", ")}
          </p>
          <Locator lat={place.lat} lng={place.lng} />
          <dl className="facts">
            <dt>Latitude</dt>
            <dd>{latitudeText(place.lat)}</dd>
            <dt>Longitude</dt>
            <dd>{longitudeText(place.lng)}</dd>
          </dl>
          {isOpen && <MarkEditor id={id} mark={mark} />}
        </>
      )}
    </section>
  )
}
