import type { Engine } from "@tidemark/core/engine"
import { ReplicaEngine } from "./replica.ts"
import type { ReplicaOptions } from "./replica-options.ts"

/**
 * The engine of a tab: a replica whose authority is a worker of this very browser. What that has
 * acknowledged is on OPFS; what is on its way is in memory, and ends with the tab.
 */
export class TabEngine extends ReplicaEngine {
  override readonly storage: Engine["storage"] = "opfs"
  override readonly durability: Engine["durability"]
  readonly #leave: () => Promise<void>

  constructor(
    options: ReplicaOptions,
    durability: Engine["durability"],
    leave: () => Promise<void>,
  ) {
    super(options)
    this.durability = durability
    this.#leave = leave
  }

  override async close(): Promise<void> {
    await super.close()
    await this.#leave()
  }
}
