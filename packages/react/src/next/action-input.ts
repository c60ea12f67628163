import type { StandardSchemaV1 } from "@standard-schema/spec"
import { StoreError } from "@tidemark/core"

/** What a schema makes of the input of an action. @throws StoreError `validation_failed` */
export async function checkInput<S extends StandardSchemaV1>(
  schema: S,
  given: unknown,
): Promise<StandardSchemaV1.InferOutput<S>> {
  const input = given instanceof FormData ? fieldsOf(given) : given
  const result = await schema["~standard"].validate(input)
  if (result.issues === undefined) return result.value as StandardSchemaV1.InferOutput<S>
  const issues = result.issues.map(({ message, path = [] }) => ({ message, path: pathText(path) }))
  const told = issues.map(({ message, path }) => (path === "" ? message : `${path}: ${message}`))
  throw new StoreError("validation_failed", `The input does not fit: ${told.join("; ")}`, {
    details: { path: issues[0]?.path, issues },
    hint: "Nothing was written; mend it and send it again",
  })
}

/** The fields of a form, without those that belong to Next. */
function fieldsOf(form: FormData): Record<string, unknown> {
  const names = new Set([...form.keys()].filter((name) => !name.startsWith("$ACTION_")))
  return Object.fromEntries(
    Array.from(names, (name) => {
      const [first, ...more] = form.getAll(name)
      return [name, more.length === 0 ? first : [first, ...more]]
    }),
  )
}

function pathText(path: readonly (PropertyKey | StandardSchemaV1.PathSegment)[]): string {
  return path.map((step) => String(typeof step === "object" ? step.key : step)).join(".")
}
