import type { ReactElement } from "react"
import type { App } from "./app.ts"

/** How often components have been rendered. */
export interface Renders {
  lines: number
  lists: number
}

/** Since the page has been loaded. */
export const renders: Renders = { lines: 0, lists: 0 }

/** Draws one line, inside of the component that a library redraws. */
export function drawLine(
  app: Pick<App, "select" | "remove">,
  id: number,
  label: string,
  isSelected: boolean,
): ReactElement {
  renders.lines++
  return (
    <tr className={isSelected ? "danger" : ""}>
      <td>{id}</td>
      <td>
        {/* biome-ignore-start lint/a11y: the markup of the benchmark, which nobody uses. */}
        <a onClick={() => app.select(id)}>{label}</a>
      </td>
      <td>
        <a onClick={() => app.remove(id)}>
          <span>x</span>
        </a>
        {/* biome-ignore-end lint/a11y: see above */}
      </td>
      <td />
    </tr>
  )
}
