/** A timer's handle: a number in browsers, an object in Node. */
export type Timer = number | { unref?(): void }

/** What every JavaScript host has. Its types belong to the DOM or to Node, and core wants neither. */
export interface Host {
  queueMicrotask(callback: () => void): void
  setTimeout(callback: () => void, ms: number): Timer
  clearTimeout(timer: Timer): void
  readonly crypto: { getRandomValues<T>(array: T): T }
  btoa(characters: string): string
  atob(text: string): string
  readonly console: { error(...data: unknown[]): void }
  readonly TextEncoder: new () => { encode(text: string): Uint8Array }
  readonly TextDecoder: new (
    label: "utf-8",
    options: { readonly fatal: boolean; readonly ignoreBOM: boolean },
  ) => { decode(bytes?: Uint8Array, options?: { readonly stream: boolean }): string }
  readonly AbortController: new () => { readonly signal: never; abort(): void }
}

export const host: Host = globalThis as unknown as Host

/** Where errors go for which nobody waits, unless a store is told otherwise. */
export function reportToConsole(error: unknown): void {
  host.console.error(error)
}

/** Reports an error; who fails in hearing of it stops nothing else. */
export function reportSafely(report: (error: unknown) => void, error: unknown): void {
  try {
    report(error)
  } catch (failure) {
    reportToConsole(error)
    reportToConsole(failure)
  }
}

/** Resolves in another turn of the event loop: a long work that waits for it stops nobody. */
export function pause(): Promise<void> {
  return new Promise((resolve) => void host.setTimeout(resolve, 0))
}

/** Keeps the process from ending before the result is called, where hosts end by themselves. */
export function stayAlive(): () => void {
  const timer = host.setTimeout(() => {}, LONGEST_TIMER)
  return () => host.clearTimeout(timer)
}

/** The longest time of a timer, in milliseconds: with a longer one it goes off at once. */
export const LONGEST_TIMER: number = 2 ** 31 - 1
