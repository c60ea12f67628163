import type { ComponentChildren, VNode } from "preact"
import type { Inspector } from "../inspector.ts"
import { numberText } from "../text.ts"
import { connectionTone } from "./connection.ts"
import { useLive } from "./use-live.ts"

/** What the store says of itself, on one line. */
export function StatusLine({ inspector }: { readonly inspector: Inspector }): VNode {
  const { engine, storage, durability, connection, pending } = useLive(inspector.store.status)
  const position = useLive(inspector.position)
  const closed = useLive(inspector.closed)
  const state = closed ? "closed" : connection
  return (
    <dl class="status">
      <Fact name="connection">
        <span class="dot" data-tone={connectionTone(state)} />
        {state}
      </Fact>
      <Fact name="pending" marked={pending > 0}>
        {numberText(pending)}
      </Fact>
      <Fact name="position">{numberText(position)}</Fact>
      <Fact name="engine">{engine}</Fact>
      <Fact name="storage">{storage}</Fact>
      <Fact name="durability">{durability}</Fact>
    </dl>
  )
}

function Fact({
  name,
  marked = false,
  children,
}: {
  readonly name: string
  readonly marked?: boolean
  readonly children: ComponentChildren
}): VNode {
  return (
    <div class="fact" data-marked={marked} data-fact={name}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
