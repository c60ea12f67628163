import { StoreError } from "./errors.ts"

/** Kinds that begin so belong to Tidemark: `"*"`, `kinds()` and snapshots of everything leave them out. */
export const RESERVED_PREFIX = "tidemark:"

/** Longer names are refused; in UTF-16 units. */
const MAX_NAME_LENGTH = 65_536

/** Whether a kind belongs to Tidemark and not to the application. */
export function isReserved(kind: string): boolean {
  return kind.startsWith(RESERVED_PREFIX)
}

/** @throws StoreError `invalid_key` for what cannot name a kind: not a string, empty, `"*"`, ill-formed, too long. */
export function checkKind(kind: unknown): asserts kind is string {
  checkName("kind", kind)
  if (kind === "") throw refusal("kind", kind, "is empty", "Give the kind a name")
  if (kind === "*") throw refusal("kind", kind, "stands for all kinds", "Choose another name")
}

/** @throws StoreError `invalid_key` for what cannot be a key: not a string, ill-formed, too long. */
export function checkKey(key: unknown): asserts key is string {
  checkName("key", key)
}

/** @throws StoreError `invalid_key` for what cannot name anything: not a string, ill-formed, too long. */
export function checkName(
  role: "kind" | "key" | "namespace",
  name: unknown,
): asserts name is string {
  if (typeof name !== "string") throw noText(role, name)
  if (!name.isWellFormed())
    throw refusal(role, name, "has a lone surrogate", "Use well-formed Unicode")
  if (name.length > MAX_NAME_LENGTH) {
    throw refusal(
      role,
      `${name.slice(0, 40)}…`,
      "is too long",
      `Stay within ${MAX_NAME_LENGTH} characters`,
    )
  }
}

function noText(role: string, name: unknown): StoreError {
  const what = name === undefined || name === null ? String(name) : `no string but ${typeof name}`
  return new StoreError("invalid_key", `The ${role} is ${what}`, {
    details: { [role]: name },
    hint: "Use a string",
  })
}

function refusal(role: string, name: string, what: string, hint: string): StoreError {
  return new StoreError("invalid_key", `The ${role} ${JSON.stringify(name)} ${what}`, {
    details: { [role]: name },
    hint,
  })
}
