import { defineKinds, kind } from "@tidemark/core"
import * as z from "zod"

export const kinds = defineKinds({
  tasks: kind(z.object({ title: z.string().min(1), done: z.boolean() })),
  settings: kind(z.string()),
})
