"use server"

import { serverAction } from "@tidemark/react/next"
import { headers } from "next/headers"
import * as z from "zod"
import { tasks } from "./tasks.ts"

export const addTask = serverAction(tasks, {
  input: z.object({ title: z.string().trim().min(1, "Say what is to be done") }),
  authorize: async () => ((await headers()).has("x-stranger") ? undefined : "somebody"),
  run: async ({ store, input: { title } }) => {
    await store.set("tasks", title, { title, done: false }, { ifVersion: "absent" })
    return title
  },
})
