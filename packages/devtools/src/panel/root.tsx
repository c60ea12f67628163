import type { VNode } from "preact"
import { useLayoutEffect, useMemo } from "preact/hooks"
import type { DevtoolsOptions, InspectedStore } from "../devtools.ts"
import { Inspector } from "../inspector.ts"
import { Boundary } from "./boundary.tsx"
import { Shell } from "./shell.tsx"

interface RootProps {
  readonly store: InspectedStore
  readonly options: Required<DevtoolsOptions>
}

/** The whole panel. Everything that touches the store is inside the boundary. */
export function Root(props: RootProps): VNode {
  return (
    <Boundary>
      <Followed {...props} />
    </Boundary>
  )
}

function Followed({ store, options }: RootProps): VNode {
  const inspector = useMemo(() => new Inspector(store), [store])
  // A layout effect: a panel that is taken away before it was painted lets go of the store too.
  useLayoutEffect(() => inspector.start(), [inspector])
  return <Shell inspector={inspector} options={options} />
}
