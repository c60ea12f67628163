import { randomUUID } from "node:crypto"
import { setImmediate } from "node:timers/promises"
import { type Change, type Clock, StoreError, type Watch } from "@tidemark/core"
import { flushWindow } from "@tidemark/sync/electron-main"
import type { BrowserWindow, WebContents } from "electron"
import { NEW_WINDOW, type OpenWindow } from "../shared/kinds.ts"
import { followBounds } from "./bounds.ts"
import type { Electron } from "./electron.ts"
import { lossText, PATIENCE } from "./loss-text.ts"
import { createNoteWindow, type NoteWindowOptions } from "./note-window.ts"
import type { NotesStore } from "./open-notes.ts"

export interface WindowsOptions extends NoteWindowOptions {
  readonly clock: Clock
}

/** More windows than this are not opened: a page that has gone wild must not bury the desktop. */
export const MOST_WINDOWS = 12

/** An open window and what belongs to it. */
interface Opened {
  readonly window: BrowserWindow
  readonly contents: WebContents
  /** Writes bounds that are not written yet. */
  readonly keepBounds: () => Promise<void>
  closing?: Promise<void>
}

/**
 * The windows, as the kind `windows` says: an entry that is created opens one, an entry that is
 * deleted closes it. A window that a person closes takes its entry along, unless it is the last
 * one: that, and those open at a quit, come back at the next start.
 */
export class Windows {
  /** Whether a window's page has a port, so that it may have something pending. */
  connected: (contents: WebContents) => boolean = () => false
  readonly #electron: Electron
  readonly #store: NotesStore
  readonly #options: WindowsOptions
  readonly #opened = new Map<string, Opened>()
  #watch: Watch<OpenWindow> | undefined
  #kept = false
  #forgetting: Promise<unknown> = Promise.resolve()

  constructor(electron: Electron, store: NotesStore, options: WindowsOptions) {
    this.#electron = electron
    this.#store = store
    this.#options = options
  }

  /** Whether windows that close from now on keep their entries: the application is about to quit. */
  get kept(): boolean {
    return this.#kept
  }

  keep(): void {
    this.#kept = true
  }

  /** Opens the windows of the last run, or a first one, and follows the store from then on. */
  async start(): Promise<void> {
    this.#watch = this.#store.watch("windows", { from: "current", types: ["create", "delete"] })
    this.#watch.subscribe({ next: (change) => this.#follow(change) })
    await this.#watch.synced
    if (this.#opened.size === 0) await this.#add()
  }

  /** Opens another window. */
  open(): void {
    this.#add().catch((error) => console.error("No window could be added:", error))
  }

  /** Brings the windows to the front; opens the kept ones when none is open. */
  show(): void {
    if (this.#opened.size === 0) {
      this.#reopen().catch((error) => console.error("The windows could not be opened:", error))
    }
    for (const { window } of this.#opened.values()) window.show()
  }

  /** The id of a window of ours, or `undefined`. */
  idOf(shown: WebContents): string | undefined {
    for (const [id, { contents }] of this.#opened) if (contents === shown) return id
    return undefined
  }

  /** Stops following the store; resolves when every window is closed and nothing of them is left to write. */
  async close(): Promise<void> {
    this.keep()
    this.#watch?.[Symbol.dispose]()
    await Promise.all([...this.#opened.keys()].map((id) => this.#close(id)))
    await this.#forgetting
  }

  async #add(): Promise<void> {
    await this.#store.set("windows", randomUUID(), NEW_WINDOW)
  }

  async #reopen(): Promise<void> {
    for (const { key, value } of await this.#store.list("windows")) this.#open(key, value)
    if (this.#opened.size === 0) await this.#add()
  }

  #follow({ type, key, value }: Change<OpenWindow>): void {
    if (type === "delete") this.#close(key).catch((error) => console.error(error))
    else this.#open(key, value)
  }

  #open(id: string, kept: OpenWindow): void {
    if (this.#opened.has(id)) return
    if (this.#opened.size >= MOST_WINDOWS) {
      this.#forget(id)
      return
    }
    const window = createNoteWindow(this.#electron, id, kept, this.#options)
    const keepBounds = followBounds(window, (place) => this.#write(id, place))
    this.#opened.set(id, { window, contents: window.webContents, keepBounds })
    window.on("close", (event) => {
      event.preventDefault()
      this.#close(id).catch((error) => console.error(error))
    })
    window.on("closed", () => {
      this.#opened.delete(id)
      if (!this.#kept && this.#opened.size > 0) this.#forget(id)
    })
  }

  async #close(id: string): Promise<void> {
    const opened = this.#opened.get(id)
    if (opened === undefined) return
    opened.closing ??= this.#flushAndDestroy(opened)
    return opened.closing
  }

  async #flushAndDestroy({ window, contents, keepBounds }: Opened): Promise<void> {
    // Out of the event that asks for it: a window must not go in the middle of its own closing.
    await setImmediate()
    await keepBounds()
    // Without a port a page has shown nothing and can have written nothing.
    if (this.connected(contents)) {
      const { clock } = this.#options
      const flushed = await flushWindow(contents, this.#electron, { patience: PATIENCE, clock })
      if (!flushed.done) this.#tell(flushed.pending)
    }
    // Its page may have gone in the meantime, and the window with it.
    if (!window.isDestroyed()) window.destroy()
  }

  #tell(pending: number | undefined): void {
    this.#electron.dialog
      .showMessageBox({ type: "warning", title: this.#electron.app.name, ...lossText(pending) })
      .catch((error) => console.error(error))
  }

  #forget(id: string): void {
    const forgotten = this.#store
      .transaction(async (tx) => {
        await tx.delete("windows", id)
        await tx.delete("selections", id)
      })
      .catch((error) => console.error(`Window ${id} could not be forgotten:`, error))
    this.#forgetting = Promise.all([this.#forgetting, forgotten])
  }

  async #write(id: string, place: OpenWindow): Promise<void> {
    try {
      await this.#store.set("windows", id, place, { ifVersion: "present" })
    } catch (error) {
      // Deleted in the meantime: then its place is of no interest.
      if (!StoreError.is(error, "conflict", "not_found")) throw error
    }
  }
}
