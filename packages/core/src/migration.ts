import type { Signal } from "./commits.ts"
import type { StoreError } from "./errors.ts"
import type { KindName, Kinds } from "./kinds.ts"

/** What a migration can be told. */
export interface MigrationOptions<K extends Kinds = Kinds> {
  /** Only these kinds. Default: all that are declared, those of scopes too. */
  readonly kinds?: readonly KindName<K>[]
  /** Look and judge, but write nothing. */
  readonly dryRun?: boolean
  /** Hears of each portion when it is done. */
  readonly onProgress?: (progress: MigrationProgress) => void
  /** Ends it between two portions: it rejects with `aborted`, and what was migrated stays. */
  readonly signal?: Signal
}

/** How far a migration has come, in entries. */
export interface MigrationProgress {
  readonly looked: number
  /** How many there were when it began. */
  readonly entries: number
  readonly migrated: number
  readonly failed: number
}

/** What a migration found and did, by kind; a scope's kinds count by their local names. */
export interface MigrationReport {
  readonly kinds: Readonly<Record<string, MigratedKind>>
}

/** What a migration found and did in one kind. */
export interface MigratedKind {
  /** The forms that the entries were found in. */
  readonly forms: readonly StoredForm[]
  /** How many entries were brought to the present form; in a dry run, how many can be. */
  readonly migrated: number
  /** How many cannot be, and stay as they are. */
  readonly failed: number
  /** Why, for the first hundred of them: the error names the entry. */
  readonly failures: readonly { readonly key: string; readonly error: StoreError }[]
}

/** A form in which entries are stored. */
export interface StoredForm {
  /** The version of the schema that wrote them. */
  readonly schema: number
  /** The name of the codec that wrote them; none for plain JSON. */
  readonly codec?: string
  readonly entries: number
}

/** So many failures of a kind are told one by one. */
const TOLD = 100

/** Counts what a migration meets. */
export class MigrationTally {
  readonly #kinds = new Map<string, KindTally>()
  readonly #entries: number

  /** `entries`: how many there are when it begins. */
  constructor(entries: number) {
    this.#entries = entries
  }

  found(kind: string, schema: number, codec: string | undefined): void {
    const { forms } = this.#of(kind)
    const id = JSON.stringify([schema, codec])
    const known = forms.get(id)
    const form = codec === undefined ? { schema } : { schema, codec }
    forms.set(id, { ...form, entries: (known?.entries ?? 0) + 1 })
  }

  migrated(kind: string, entries: number): void {
    this.#of(kind).migrated += entries
  }

  failed(kind: string, key: string, error: StoreError): void {
    const tally = this.#of(kind)
    tally.failed++
    if (tally.failures.length < TOLD) tally.failures.push({ key, error })
  }

  get progress(): MigrationProgress {
    let [looked, migrated, failed] = [0, 0, 0]
    for (const kind of this.#kinds.values()) {
      for (const form of kind.forms.values()) looked += form.entries
      migrated += kind.migrated
      failed += kind.failed
    }
    return { looked, entries: this.#entries, migrated, failed }
  }

  get report(): MigrationReport {
    const kinds = [...this.#kinds].map(
      ([kind, { forms, ...counts }]) => [kind, { forms: [...forms.values()], ...counts }] as const,
    )
    return { kinds: Object.fromEntries(kinds) }
  }

  #of(kind: string): KindTally {
    const known = this.#kinds.get(kind)
    if (known !== undefined) return known
    const tally = { forms: new Map<string, StoredForm>(), migrated: 0, failed: 0, failures: [] }
    this.#kinds.set(kind, tally)
    return tally
  }
}

interface KindTally {
  readonly forms: Map<string, StoredForm>
  migrated: number
  failed: number
  readonly failures: { readonly key: string; readonly error: StoreError }[]
}
