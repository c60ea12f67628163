import { defineKinds, type Entry, kind, type Store } from "@tidemark/core"
import * as z from "zod/mini"

/** The most that people may attach to a place. */
export const LIMITS = { note: 4_000, tags: 12, tag: 32 } as const

const place = z.object({
  name: z.string().check(z.minLength(1)),
  /** ISO 3166-1 alpha-2. */
  country: z.string().check(z.length(2)),
  /** The name of the first-order division; empty where GeoNames has none. */
  region: z.string(),
  lat: z.number().check(z.gte(-90), z.lte(90)),
  lng: z.number().check(z.gte(-180), z.lte(180)),
})

const mark = z.object({
  note: z.string().check(z.maxLength(LIMITS.note)),
  stars: z.int().check(z.gte(0), z.lte(5)),
  tags: z
    .array(z.string().check(z.minLength(1), z.maxLength(LIMITS.tag)))
    .check(z.maxLength(LIMITS.tags)),
})

const importRun = z.object({
  /** Package, version and selection that the places come from. */
  source: z.string(),
  rows: z.int().check(z.gte(0)),
  done: z.boolean(),
})

/**
 * What Atlas keeps: `places`, which nobody edits; `marks`, what people say of a place, under its
 * key; and how far the import came, which stays on the server.
 */
export const kinds = defineKinds({
  places: kind(place),
  marks: kind(mark),
  imports: kind(importRun),
})

/** The kinds that a browser follows. */
export const SHARED: readonly string[] = ["places", "marks"]

export type AtlasKinds = typeof kinds
export type AtlasStore = Store<AtlasKinds>
export type Place = z.infer<typeof place>
export type PlaceEntry = Entry<Place>
export type Mark = z.infer<typeof mark>
export type MarkEntry = Entry<Mark>

/** A place that nobody has said anything of. */
export const BLANK: Mark = Object.freeze({ note: "", stars: 0, tags: [] })

/** Whether a mark says nothing, so that it need not be kept. */
export function isBlank(mark: Mark): boolean {
  return mark.note === "" && mark.stars === 0 && mark.tags.length === 0
}
