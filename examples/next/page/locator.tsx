import type { ReactNode } from "react"

export interface LocatorProps {
  readonly lat: number
  readonly lng: number
}

const PARALLELS = [-60, -30, 0, 30, 60]
const MERIDIANS = [-150, -120, -90, -60, -30, 0, 30, 60, 90, 120, 150]

/** Where a place is in the grid of degrees: not a map, and enough to tell north from south. */
export function Locator({ lat, lng }: LocatorProps): ReactNode {
  return (
    <svg className="locator" viewBox="-180 -90 360 180" aria-hidden="true">
      <g className="grid">
        {PARALLELS.map((degrees) => (
          <path
            key={degrees}
            className={degrees === 0 ? "main-line" : ""}
            d={`M-180 ${-degrees}h360`}
          />
        ))}
        {MERIDIANS.map((degrees) => (
          <path
            key={degrees}
            className={degrees === 0 ? "main-line" : ""}
            d={`M${degrees} -90v180`}
          />
        ))}
      </g>
      <path className="cross" d={`M-180 ${-lat}h360M${lng} -90v180`} />
      <circle className="halo" cx={lng} cy={-lat} r="9" />
      <circle className="here" cx={lng} cy={-lat} r="4" />
    </svg>
  )
}
