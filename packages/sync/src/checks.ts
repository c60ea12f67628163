import { type Expectation, StoreError } from "@tidemark/core"
import { type Authorization, checkWrite } from "./authorization.ts"
import type { ClientRecord } from "./clients.ts"
import { LEFT } from "./filter.ts"
import type { Mutation } from "./message.ts"

/** What only Tidemark itself says of a change. */
const OWN_CAUSES = ["expired", "migrated", "snapshot", LEFT]

/** So many characters may have each name that a mutation gives. */
const MOST_NAME = 1_000

/** @throws StoreError when a client is somebody else's. */
export function checkOwner(record: ClientRecord | undefined, { principal }: Authorization): void {
  if (record === undefined || record.principal === principal) return
  throw new StoreError("unauthorized", "This client id belongs to somebody else", {
    hint: "Start with a new client id",
  })
}

/** @throws StoreError when a principal may not do what a mutation does, or say what it says. */
export function checkRights(authorization: Authorization, mutation: Mutation): void {
  checkSize(mutation)
  checkNames(mutation)
  checkCause(mutation)
  const { ops, expect = [] } = mutation
  for (const one of [...ops, ...expect]) checkWrite(authorization, kindOf(one))
}

/** What a mutation says of itself stands with each of its changes, for as long as the log is kept. */
function checkNames({ origin = "", cause = "", idempotencyKey = "" }: Mutation): void {
  for (const [name, text] of Object.entries({ origin, cause, idempotencyKey })) {
    if (text.length <= MOST_NAME && text.isWellFormed()) continue
    const isLong = text.length > MOST_NAME
    throw new StoreError(
      isLong ? "quota_exceeded" : "invalid_value",
      `The ${name} of a write ${isLong ? `may have ${MOST_NAME} characters` : "has a lone surrogate"}`,
      { details: { name, length: text.length }, hint: "Give a short name" },
    )
  }
}

/** What stands for a write that was too large to be sent is refused, so that its number is not missing. */
function checkSize({ large }: Mutation): void {
  if (large === undefined) return
  throw new StoreError(
    "quota_exceeded",
    `A write of ${large} bytes is larger than a message may be`,
    {
      details: { name: "body", bytes: large },
      hint: "Write less at once, or raise the limit of the server",
    },
  )
}

/** Which kind an op or an expectation is about. The bounds of a scope are its server's alone. */
function kindOf(one: Mutation["ops"][number] | Expectation): string {
  if (!("quota" in one)) return one.kind
  throw new StoreError("unauthorized", "A replica may not ask about the bounds of a scope", {
    hint: "Give bounds with scope(), where the authority is",
  })
}

/** What has ended may be deleted by anybody, because an op `expire` looks at the clock itself. */
function checkCause({ cause, ops }: Mutation): void {
  if (cause === undefined || !OWN_CAUSES.includes(cause)) return
  if (cause === "expired" && ops.every(({ type }) => type === "expire")) return
  throw new StoreError("unauthorized", `A replica may not say that a change is ${cause}`, {
    details: { cause },
    hint: "Give a cause of your own",
  })
}
