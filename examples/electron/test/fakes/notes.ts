import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import type { Clock, Store } from "@tidemark/core"
import { runNotes } from "../../src/main/run-notes.ts"
import type { kinds } from "../../src/shared/kinds.ts"
import { FakeElectron, type FakeOptions } from "./electron.ts"
import { openPage } from "./page.ts"
import type { FakeWindow } from "./window.ts"

const ORIGIN = "app://notes"

/** A folder that is gone when the test has ended. */
export function temporaryFolder(onEnd: (end: () => void) => void): string {
  const folder = mkdtempSync(path.join(tmpdir(), "notes-"))
  onEnd(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export interface StartOptions extends Omit<FakeOptions, "userData" | "load"> {
  readonly clock?: Clock
  readonly platform?: NodeJS.Platform
  /** The pages stay empty: nothing asks for a port. */
  readonly pages?: false
}

/** The whole main process over a fake Electron; each window's page is its own code in this process. */
export class Notes {
  readonly fake: FakeElectron
  readonly stores: Map<FakeWindow, Store<typeof kinds>> = new Map()
  readonly #folder: string
  readonly #options: StartOptions

  constructor(folder: string, options: StartOptions = {}) {
    this.#folder = folder
    this.#options = options
    this.fake = new FakeElectron({
      ...options,
      userData: path.join(folder, "data"),
      load: async (window) => {
        if (options.pages === false) return
        const store = openPage(this.fake, window, ORIGIN)
        this.stores.set(window, store)
        window.leaving.push(() => this.stores.delete(window))
      },
    })
  }

  async start(): Promise<this> {
    const pages = path.join(this.#folder, "pages")
    mkdirSync(pages, { recursive: true })
    writeFileSync(path.join(pages, "index.html"), "<!doctype html>")
    const { clock, platform = "linux" } = this.#options
    await runNotes(this.fake.electron, {
      pages,
      preload: path.join(this.#folder, "preload.cjs"),
      platform,
      ...(clock === undefined ? {} : { clock }),
    })
    return this
  }

  get windows(): readonly FakeWindow[] {
    return [...this.fake.windows]
  }

  /** The store of the only window's page, or of the one given. */
  store(window: FakeWindow = this.fake.window): Store<typeof kinds> {
    const store = this.stores.get(window)
    if (store === undefined) throw new Error("This window has no page")
    return store
  }

  async quit(): Promise<number> {
    this.fake.quit()
    return this.fake.quitted
  }
}

export const NOTE: { title: string; body: string; pinned: boolean; updatedAt: number } = {
  title: "Tides",
  body: "High at six",
  pinned: false,
  updatedAt: 1,
}
