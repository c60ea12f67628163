import { memo, type NamedExoticComponent, type ReactNode } from "react"
import type { MarkEntry, PlaceEntry } from "../atlas/kinds.ts"
import { latitudeText, longitudeText } from "./coordinates.ts"

/** The height of every row in pixels; the same as in `styles/table.css`. */
export const ROW_HEIGHT = 52

/** The id of a row's element, for the one that is active. */
export function rowId(index: number): string {
  return `place-${index}`
}

export interface PlaceRowProps {
  readonly index: number
  readonly entry: PlaceEntry
  readonly mark: MarkEntry | undefined
  readonly country: string
  readonly isActive: boolean
  readonly isSelected: boolean
  /** The same function in every render. */
  readonly onOpen: (index: number, key: string) => void
}

/** One place in the table, with what people say of it. */
export const PlaceRow: NamedExoticComponent<PlaceRowProps> = memo(Row)

function Row(props: PlaceRowProps): ReactNode {
  const { index, entry, mark, country, isActive, isSelected, onOpen } = props
  const { name, region, lat, lng } = entry.value
  return (
    <tr
      id={rowId(index)}
      className="row place"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      data-active={isActive || undefined}
      style={{ transform: `translateY(${index * ROW_HEIGHT}px)` }}
      onClick={() => onOpen(index, entry.key)}
    >
      <td className="cell-name">
        <span className="name">{name}</span>
        {mark?.pending && <Pending />}
        {mark !== undefined && <Tags tags={mark.value.tags} />}
      </td>
      <td className="cell-country">
        <span className="country">{country}</span>
        {region !== "" && <span className="region">{region}</span>}
      </td>
      <td className="cell-latitude">
        {latitudeText(lat)} <span className="longitude">{longitudeText(lng)}</span>
      </td>
      <td className="cell-stars">
        {mark !== undefined && mark.value.stars > 0 && <Stars stars={mark.value.stars} />}
      </td>
    </tr>
  )
}

function Pending(): ReactNode {
  return <span className="pending-dot" role="img" aria-label="Not sent yet" title="Not sent yet" />
}

function Tags({ tags }: { readonly tags: readonly string[] }): ReactNode {
  return tags.slice(0, 3).map((tag) => (
    <span key={tag} className="tag small">
      {tag}
    </span>
  ))
}

function Stars({ stars }: { readonly stars: number }): ReactNode {
  return (
    <span role="img" aria-label={`${stars} of 5 stars`}>
      {"★".repeat(stars)}
      <span className="unlit">{"★".repeat(5 - stars)}</span>
    </span>
  )
}
