import { runInNewContext } from "node:vm"
import { defineKinds, kind, type Store, StoreError } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { type ActionResult, serverAction, serverStore } from "@tidemark/react/next"
import { describe, expect, expectTypeOf, it, vi } from "vitest"
import * as z from "zod"

vi.mock("server-only", () => ({}))

const kinds = defineKinds({
  tasks: kind(z.object({ title: z.string(), tags: z.array(z.string()) })),
})
type Tasks = Store<typeof kinds>

const input = z.object({
  title: z.string().min(1),
  tags: z.preprocess((tags) => (tags === undefined ? [] : [tags].flat()), z.array(z.string())),
})

let stores = 0

function actionWith(authorize: () => string | undefined, run?: () => never) {
  const store: Tasks = openStore({ kinds })
  const tasks = serverStore(`action-${stores++}`, () => store)
  const addTask = serverAction(tasks, {
    input,
    authorize,
    run: async ({ store, input, principal }) => {
      run?.()
      const { seq } = await store.set("tasks", "first", input, { ifVersion: "absent" })
      return { seq, by: principal }
    },
  })
  return { store, addTask }
}

describe("a server action", () => {
  it("C3 writes what its schema made of the input, and gives back what it returned", async () => {
    const { store, addTask } = actionWith(() => "alice")
    const result = await addTask({ title: "Milk", tags: ["shop"] })
    expect(result).toEqual({ ok: true, value: { seq: 1, by: "alice" } })
    expect(await store.get("tasks", "first")).toEqual({ title: "Milk", tags: ["shop"] })
    expectTypeOf(result).toEqualTypeOf<ActionResult<{ seq: number; by: string }>>()
  })

  it("C3 takes a form, as useActionState sends it: behind the previous result", async () => {
    const { store, addTask } = actionWith(() => "alice")
    const form = new FormData()
    form.append("$ACTION_ID_4711", "")
    form.append("title", "Milk")
    form.append("tags", "shop")
    form.append("tags", "today")
    expect(await addTask(undefined, form)).toMatchObject({ ok: true })
    expect(await store.get("tasks", "first")).toEqual({ title: "Milk", tags: ["shop", "today"] })
  })

  it("C3 tells by path what does not fit, as plain data, and writes nothing", async () => {
    const { store, addTask } = actionWith(() => "alice")
    const result = await addTask({ title: "", tags: [] })
    expect(result).toMatchObject({
      ok: false,
      error: { code: "validation_failed", details: { path: "title", issues: [{ path: "title" }] } },
    })
    expect(JSON.parse(JSON.stringify(result))).toEqual(result)
    expect(store.position).toBe(0)
  })

  it("C3 turns away whom nobody knows, before it looks at the input", async () => {
    const { store, addTask } = actionWith(() => undefined)
    expect(await addTask({ title: "", tags: [] })).toMatchObject({
      ok: false,
      error: { code: "unauthorized" },
    })
    expect(store.position).toBe(0)
  })

  it("C3 gives back what the store refuses, with its code and facts", async () => {
    const { addTask } = actionWith(() => "alice")
    await addTask({ title: "Milk", tags: [] })
    const result = await addTask({ title: "Bread", tags: [] })
    expect(result).toMatchObject({
      ok: false,
      error: { code: "conflict", details: { kind: "tasks", key: "first" } },
    })
    if (!result.ok) expect(StoreError.from(result.error).code).toBe("conflict")
  })

  it("C3 throws what is the server's own, and what Next does by throwing", async () => {
    for (const thrown of [
      new StoreError("corrupt", "/srv/app.db is damaged"),
      new TypeError("a mistake"),
      Object.assign(new Error("NEXT_REDIRECT"), { digest: "NEXT_REDIRECT;push;/;307;" }),
    ]) {
      const { addTask } = actionWith(
        () => "alice",
        () => {
          throw thrown
        },
      )
      await expect(addTask({ title: "Milk", tags: [] })).rejects.toBe(thrown)
    }
  })

  it("C3 knows the errors of a store that another bundle has opened", async () => {
    const foreign = Object.assign(new Error("It is busy"), {
      name: "StoreError",
      code: "busy",
      toJSON: () => ({ code: "busy", message: "It is busy" }),
    })
    const { addTask } = actionWith(
      () => "alice",
      () => {
        throw foreign
      },
    )
    expect(await addTask({ title: "Milk", tags: [] })).toEqual({
      ok: false,
      error: { code: "busy", message: "It is busy" },
    })
  })

  it("C3 has no field for a name that would reach a prototype", async () => {
    const { addTask } = actionWith(() => "alice")
    const form = new FormData()
    form.append("__proto__", "x")
    form.append("title", "Milk")
    expect(await addTask(form)).toMatchObject({ ok: true })
    expect(runInNewContext("({}).x")).toBeUndefined()
    expect(({} as { x?: unknown }).x).toBeUndefined()
  })

  it("C3 refuses at compile time an input that its schema does not take", () => {
    const { addTask } = actionWith(() => "alice")
    // @ts-expect-error a title is text
    const call = () => addTask({ title: 1, tags: [] })
    expect(call).toBeTypeOf("function")
  })
})
