import * as v from "valibot"

/**
 * An object with any names, as it came: a schema of records would leave out `constructor`,
 * `prototype` and `__proto__`, and with them a part of what was said.
 */
export const names: v.GenericSchema<unknown, Readonly<Record<string, unknown>>> = v.custom<
  Readonly<Record<string, unknown>>
>((value) => typeof value === "object" && value !== null && !Array.isArray(value))
