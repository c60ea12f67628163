import type { Entry } from "@tidemark/core"
import { isJson } from "@tidemark/core/engine"
import type { VNode } from "preact"
import { CopyButton } from "./copy-button.tsx"
import { Icon } from "./icon.tsx"

/**
 * What can be done with an entry; without one, only its versions can be looked at. A value that is
 * not plain JSON would become another one as text, so it is neither edited nor copied.
 */
export function EntryActions({
  entry,
  disabled,
  onEdit,
  onDelete,
  onVersions,
}: {
  readonly entry: Entry | undefined
  /** Nothing can be written. */
  readonly disabled: boolean
  readonly onEdit: () => void
  readonly onDelete: () => void
  readonly onVersions: () => void
}): VNode {
  return (
    <div class="actions">
      {entry !== undefined && isJson(entry.value) && (
        <>
          <button type="button" class="button" disabled={disabled} onClick={onEdit}>
            <Icon name="edit" />
            Edit
          </button>
          <CopyButton text={() => JSON.stringify(entry.value, null, 2)} />
        </>
      )}
      <button
        type="button"
        class="icon-button"
        aria-label="Show versions"
        title="Show versions"
        onClick={onVersions}
      >
        <Icon name="versions" />
      </button>
      {entry !== undefined && (
        <button
          type="button"
          class="icon-button danger"
          aria-label="Delete"
          title="Delete"
          disabled={disabled}
          onClick={onDelete}
        >
          <Icon name="trash" />
        </button>
      )}
    </div>
  )
}
