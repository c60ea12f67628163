import type { Entry } from "@tidemark/core"
import type { VNode } from "preact"
import { dateText, isoText, numberText } from "../text.ts"

/** What the store knows about an entry besides its value. */
export function EntryFacts({ entry }: { readonly entry: Entry }): VNode {
  return (
    <dl class="facts">
      <div>
        <dt>version</dt>
        <dd>{numberText(entry.version)}</dd>
      </div>
      <div>
        <dt>seq</dt>
        <dd>{numberText(entry.seq)}</dd>
      </div>
      <div>
        <dt>updated</dt>
        <dd title={isoText(entry.updatedAt)}>{dateText(entry.updatedAt)}</dd>
      </div>
      {entry.pending && (
        <div>
          <dt class="hidden">state</dt>
          <dd class="pending">pending</dd>
        </div>
      )}
    </dl>
  )
}
