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

/** Keeps the process from ending before the result is called, where hosts end by themselves. */
export function stayAlive(): () => void {
  const timer = host.setTimeout(() => {}, LONGEST)
  return () => host.clearTimeout(timer)
}

/** The longest time of a timer, in milliseconds. */
const LONGEST = 2 ** 31 - 1
