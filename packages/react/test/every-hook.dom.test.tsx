import { act, fireEvent, render, screen } from "@testing-library/react"
import { openStore } from "@tidemark/core/memory"
import {
  StoreProvider,
  useConsumer,
  useDelete,
  useEntry,
  useHistory,
  useInfiniteKind,
  useKey,
  useKind,
  useSelect,
  useSet,
  useStatus,
  useStore,
  useSuspenseKey,
  useSuspenseKind,
  useTransaction,
  useUndo,
  useUpdate,
  useWatch,
} from "@tidemark/react"
import { Suspense, useState, version } from "react"
import { expect, it, vi } from "vitest"
import "./within.tsx"

interface Task {
  readonly title: string
  readonly done: boolean
}
const isOpen = { done: false }

function Reading({ name }: { name: string }) {
  const title = useSelect("tasks", name, (task) => (task as Task | undefined)?.title)
  const { version, pending, status } = useEntry("tasks", name)
  const changes = useHistory("tasks", name, { limit: 5 })
  const versions = changes.map((change) => change.version).join(" ")
  const facts = `version ${version}, ${pending ? "pending" : status}, of ${versions}`
  return (
    <p>
      {title}: {facts}
    </p>
  )
}

function Listing() {
  const tasks = useKind("tasks", { where: isOpen })
  const { entries, hasMore, loadMore } = useInfiniteKind("tasks", { limit: 1 })
  const note = useKey("notes", "first", { initial: "no note" })
  const writes = useStatus()?.pending
  return (
    <p>
      {`open: ${tasks.map(({ key }) => key).join(" ")}, of ${entries.length}`}
      {hasMore && (
        <button type="button" onClick={loadMore}>
          more
        </button>
      )}
      {`, ${String(note)}, ${writes} on their way`}
    </p>
  )
}

function Writing() {
  const store = useStore()
  const setTask = useSet("tasks")
  const updateTask = useUpdate("tasks")
  const deleteTask = useDelete("tasks")
  const transact = useTransaction()
  const { undo, canUndo } = useUndo({ origin: "page" })
  const acts = {
    add: () => setTask("c", { title: "third", done: false }),
    finish: () =>
      updateTask("a", (task) => ({ ...(task as Task), done: true }), { origin: "page" }),
    remove: () => deleteTask("b"),
    note: () => transact((tx) => tx.set("notes", "first", "noted")),
    rename: () =>
      setTask("c", { title: `${(store.peek("tasks", "c") as Task).title}!`, done: false }),
    undo,
  }
  return (
    <>
      {canUndo && "can undo"}
      {Object.entries(acts).map(([name, onClick]) => (
        <button key={name} type="button" onClick={() => void onClick()}>
          {name}
        </button>
      ))}
    </>
  )
}

function Hearing() {
  const [heard, setHeard] = useState<readonly string[]>([])
  const [handled, setHandled] = useState(0)
  useWatch("tasks", ({ type, key }) => setHeard((before) => [...before, `${type} ${key}`]))
  const { state } = useConsumer("count", "tasks", () => setHandled((before) => before + 1))
  return (
    <p>
      heard {heard.join(", ")}; handled {handled}, {state}
    </p>
  )
}

function Waiting() {
  const task = useSuspenseKey("tasks", "a") as Task | undefined
  const count = useSuspenseKind("tasks").length
  return (
    <p>
      {task?.title} of {count}
    </p>
  )
}

const components = [Reading, Listing, Writing, Hearing, Waiting]

const press = (name: string) => act(async () => fireEvent.click(screen.getByText(name)))

it("C3 every hook serves components in StrictMode, as they are or rewritten by the compiler", async () => {
  const store = openStore()
  await store.setMany("tasks", {
    a: { title: "first", done: false },
    b: { title: "second", done: false },
  })
  const { container } = render(
    <StoreProvider store={store}>
      <Suspense>
        <Reading name="a" />
        <Listing />
        <Writing />
        <Hearing />
        <Waiting />
      </Suspense>
    </StoreProvider>,
  )
  const shows = (...texts: string[]) =>
    vi.waitFor(() => {
      for (const text of texts) expect(container.textContent).toContain(text)
    })
  await shows("first: version 1, ready, of 1", "open: a b, of 1", "no note", "handled 0, following")
  await press("more")
  await press("note")
  await shows("open: a b, of 2, noted, 0 on their way")
  await press("finish")
  await shows("first: version 2, ready, of 2 1", "open: b, of 2", "heard update a;", "can undo")
  await press("undo")
  await shows("first: version 3, ready, of 3 2 1", "open: a b", "handled 2")
  await press("add")
  await press("rename")
  await press("remove")
  await shows("open: a c", "heard update a, update a, create c, update c, delete b", "first of 2")
  expect(store.peek("tasks", "c")).toEqual({ title: "third!", done: false })
})

it("C3 each run is of the React that it says, with components compiled where it says so", () => {
  expect(version).toMatch(process.env.TIDEMARK_REACT === "18" ? /^18\.3\./ : /^19\./)
  const isCompiled = (component: unknown) => /\$\[\d+\]/.test(String(component))
  const wanted = process.env.TIDEMARK_REACT_COMPILER === "1"
  for (const component of components) expect(isCompiled(component)).toBe(wanted)
})
