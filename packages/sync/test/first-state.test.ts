import type { Store } from "@tidemark/core"
import { openStoreOn } from "@tidemark/core/engine"
import { MemoryEngine } from "@tidemark/core/memory"
import { connect } from "@tidemark/sync"
import { expect, it } from "vitest"
import { inProcess } from "./channels.ts"

/** An engine that answers later; between asking it for kinds or for a state and its answer somebody writes. */
class Busy extends MemoryEngine {
  write: () => Promise<unknown> = async () => {}

  override kinds(...asked: Parameters<MemoryEngine["kinds"]>) {
    return this.#meanwhile(() => super.kinds(...asked)) as never
  }

  override snapshot(...asked: Parameters<MemoryEngine["snapshot"]>) {
    return this.#meanwhile(() => super.snapshot(...asked)) as never
  }

  async #meanwhile<T>(read: () => T): Promise<T> {
    const found = read()
    await this.write()
    return found
  }
}

it.each([
  ["all that it may", undefined, undefined],
  ["what its principal is allowed", ["late", "early", "late"], undefined],
  ["what it asks for", undefined, ["late", "early"]],
])(
  "C6 a first state of %s has a kind whose first entry comes while it is read",
  async (_, kinds, follow) => {
    const engine = new Busy()
    const authority = (await openStoreOn(engine, {})) as Store
    await authority.set("early", "a", 1)
    await authority.set("early", "z", 1)
    let isWritten = false
    engine.write = async () => {
      if (isWritten) return
      isWritten = true
      await authority.set("late", "b", 2)
    }
    const authorization = { principal: "test", ...(kinds === undefined ? {} : { kinds }) }
    const served = await inProcess(authority, { authorization })
    const replica = connect(served.channel, follow === undefined ? {} : { follow })
    await replica.list("early")
    await authority.set("early", "c", 3)
    await replica.set("early", "d", 4)
    expect(isWritten).toBe(true)
    const wanted = (await authority.snapshot()).entries
    expect(wanted.map(({ key }) => key)).toEqual(["a", "c", "d", "z", "b"])
    expect((await replica.snapshot()).entries).toEqual(wanted)
    await replica.close()
    await served.close()
    await authority.close()
  },
)
