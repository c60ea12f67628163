import { defineKinds, type Kinds, kind } from "@tidemark/core"

/** The kind whose values only grow by one. */
export const COUNTERS = "counters"

/** The kind of lists to which everybody adds, at once and unseen by each other: both stay. */
export const NAMES = "names"

/** The kind whose values have another form in the application's next version. */
export const PAGES = "pages"

/** The kind that the authority lets nobody write from elsewhere. */
export const LOCKED = "locked"

/** The kinds that a replica may follow and write. */
export const OPEN_KINDS = ["notes", "drafts", "brief", COUNTERS, NAMES, PAGES]

export const KEYS = ["a", "b", "c"]

/** The application of before, and the one of after it was brought up to date. */
export type Version = 1 | 2

/** What an application declares. */
export type Application = (version: Version) => Kinds

export const APPLICATION: Application = (version) =>
  defineKinds({
    [NAMES]: kind<readonly string[]>({
      merge: (base = [], mine, theirs) =>
        mine.filter((name) => !base.includes(name)).reduce(withName, theirs),
    }),
    [PAGES]:
      version === 1
        ? kind<OldPage>()
        : kind<Page>({ version, upcast: { 1: ({ text }: OldPage): Page => ({ lines: [text] }) } }),
  })

interface OldPage {
  readonly text: string
}

interface Page {
  readonly lines: readonly string[]
}

/** A page by who writes it, as an application has it. */
export function pageOf(version: Version, name: string): OldPage | Page {
  return version === 1 ? { text: name } : { lines: [name] }
}

/** Whether a name is added by an update, which leaves nothing to merge. */
export const isOfUpdate = (name: string): boolean => Number(name.slice(1)) % 2 === 0

/** A list with a name at its end, if it was not there yet. */
export function withName(names: readonly string[], name: string): readonly string[] {
  return names.includes(name) ? names : [...names, name]
}
