import type { Task } from "../../task.ts"

/** A store of a page that keeps tasks for its next visit. */
export interface Side {
  /** Opens it, with what earlier pages have left. */
  open(name: string): Promise<Opened>
}

export interface Opened {
  /** Resolves when the library says that the write is kept. */
  set(key: string, task: Task): Promise<unknown>
  /** Writes of one tick; resolves when the library says that all are kept. */
  setAll(tasks: readonly (readonly [key: string, task: Task])[]): Promise<unknown>
  get(key: string): Promise<Task | undefined>
  close(): Promise<unknown>
}
