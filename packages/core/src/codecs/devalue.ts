import { parse, stringify } from "devalue"
import type { Codec } from "../codec.ts"
import { textOf } from "./data.ts"
import { type Model, modelled } from "./model.ts"

const MODEL: Model = {
  format: "devalue",
  extras: ["undefined", "bigint", "Date", "bytes", "typed array", "Map", "Set"],
}

/**
 * JSON's model and, besides, `undefined` inside, every number, bigints, Dates, Maps, Sets and typed
 * arrays, as text, through the package devalue. Cycles, class instances, functions, invalid Dates
 * and the name `__proto__` are refused with their path. An object that stands twice in a value
 * comes back as two that are equal.
 */
export const devalueCodec: Codec = {
  name: "devalue",
  encode: (value) => stringify(modelled(value, MODEL)),
  decode: (data) => modelled(parse(textOf(data)), MODEL, "tree"),
}
