import { StoreError } from "./errors.ts"

/**
 * Checks that what was given as options is that: who writes plain JavaScript has no types that tell
 * of a name that is misspelt, and what is silently left out is missed later.
 *
 * @throws StoreError `invalid_value`, with what can be given.
 */
export function checkOptions(owner: string, given: unknown, known: readonly string[]): void {
  const hint = `Use ${known.join(", ")}`
  if (typeof given !== "object" || given === null) {
    throw new StoreError("invalid_value", `${owner} was not given its options`, { hint })
  }
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue
    throw new StoreError("invalid_value", `${owner} has no option ${name}`, {
      details: { option: name },
      hint,
    })
  }
}

/** @throws StoreError `invalid_value` for what is none of the choices; `undefined` is the default. */
export function checkChoice(name: string, given: unknown, choices: readonly string[]): void {
  if (given === undefined || choices.includes(given as string)) return
  throw new StoreError("invalid_value", `${shown(given)} is no ${name}`, {
    details: { [name]: given },
    hint: `Give ${choices.map(shown).join(" or ")}`,
  })
}

/** @throws StoreError `invalid_value` for what cannot be called. */
export function checkFunction(name: string, given: unknown, form: string): void {
  if (typeof given === "function") return
  throw new StoreError("invalid_value", `${name} is no function`, { hint: `Give ${form}` })
}

/** What was given, in an error: a text shows as one. */
export function shown(given: unknown): string {
  if (typeof given === "string") return JSON.stringify(given)
  return typeof given === "object" && given !== null ? "What was given" : String(given)
}
