import { defineKinds, kind } from "@tidemark/core"
import * as z from "zod"

// Else zod tries out `new Function`, which the windows' content security policy refuses.
z.config({ jitless: true })

const note = z.strictObject({
  title: z.string().max(500),
  body: z.string().max(1_000_000),
  pinned: z.boolean(),
  /** When a person last changed the text, in milliseconds; an undone delete keeps it. */
  updatedAt: z.int().nonnegative(),
})
export type Note = z.infer<typeof note>

const bounds = z.strictObject({
  x: z.int(),
  y: z.int(),
  width: z.int().positive(),
  height: z.int().positive(),
})
/** A place on the desktop, in device-independent pixels. */
export type Bounds = z.infer<typeof bounds>

/** A window, by its id. Creating an entry opens the window, deleting it closes the window. */
const openWindow = z.strictObject({
  /** Null until the window has a place of its own. */
  bounds: bounds.nullable(),
  maximized: z.boolean(),
})
export type OpenWindow = z.infer<typeof openWindow>

/** Which note a window shows, by the window's id; apart from its place, which somebody else writes. */
const selection = z.strictObject({ note: z.string().nullable() })

const settings = z.strictObject({
  theme: z.enum(["system", "light", "dark"]),
  /** Of the text of a note, in pixels. */
  fontSize: z.int().min(12).max(28),
})
export type Settings = z.infer<typeof settings>

/** Everything that this application keeps. */
export const kinds = defineKinds({
  notes: kind(note),
  windows: kind(openWindow),
  selections: kind(selection),
  settings: kind(settings),
})

/** What a window may follow and write. */
export const WINDOW_KINDS: readonly (keyof typeof kinds)[] = [
  "notes",
  "windows",
  "selections",
  "settings",
]

/** The one entry of the kind `settings`. */
export const SETTINGS_KEY = "app"

export const DEFAULT_SETTINGS: Settings = { theme: "system", fontSize: 16 }

/** A window that has no place yet. */
export const NEW_WINDOW: OpenWindow = { bounds: null, maximized: false }
