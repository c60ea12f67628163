/** What is stored: some hundred bytes of JSON. */
export interface Task {
  readonly title: string
  readonly done: boolean
  readonly due: number
  readonly rank: number
  readonly owner: string
  readonly tags: readonly string[]
}

/** The n-th task; the same one on every run. */
export function task(n: number): Task {
  return {
    title: `Task number ${n}, to be done by somebody`,
    done: n % 4 === 0,
    due: (n * 7_919) % 100_003,
    rank: n % 10,
    owner: `owner-${n % 97}`,
    tags: [`tag-${n % 13}`, `tag-${n % 29}`],
  }
}

/** The key of the n-th task, in the order of n. */
export function taskKey(n: number): string {
  return `task-${String(n).padStart(7, "0")}`
}

/** The first tasks, as setMany takes them. */
export function tasks(count: number): (readonly [string, Task])[] {
  return Array.from({ length: count }, (_, n) => [taskKey(n), task(n)] as const)
}
