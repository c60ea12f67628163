import { exposeTidemark, type PreloadParts } from "@tidemark/sync/electron-preload"
import { ORIGIN_ARGUMENT } from "../shared/channels.ts"

/** What the preload script uses of Electron, of its page, and of its process. */
export interface BridgeParts extends PreloadParts {
  /** The arguments of this process. */
  readonly argv: readonly string[]
}

/** Gives a page its way to the store, if it is of the origin that main has told this process. */
export function exposeBridge({ argv, ...parts }: BridgeParts): void {
  const origins = argv
    .filter((argument) => argument.startsWith(ORIGIN_ARGUMENT))
    .map((argument) => argument.slice(ORIGIN_ARGUMENT.length))
  exposeTidemark(parts, { origins })
}
