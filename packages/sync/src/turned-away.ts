import type { ErrorRecord } from "@tidemark/core"
import type { ServerMessage } from "./message.ts"
import { PROTOCOL } from "./protocol.ts"

/** Why an authority will not go on with a replica, for its status; `undefined` where it will. */
export function reasonOf(message: ServerMessage | undefined): ErrorRecord | undefined {
  if (message?.type === "denied") return message.error
  if (message?.type !== "incompatible") return undefined
  if (message.reason === "schemas") {
    const { schemas } = message
    const kinds = Object.entries(schemas).map(([kind, version]) => `${kind} (version ${version})`)
    return {
      code: "schema_too_new",
      message: `The authority writes newer schemas than this application can read: ${kinds.join(", ")}`,
      details: { schemas },
      hint: "Load the newer application; what was written here is kept and will be sent by it",
    }
  }
  const { min, max } = message
  return {
    code: "protocol_mismatch",
    message: `The authority speaks protocol ${min === max ? max : `${min} to ${max}`}, and this replica ${PROTOCOL}`,
    details: { min, max },
    hint: max > PROTOCOL ? "Load the newer application" : "Bring the authority up to date",
  }
}
