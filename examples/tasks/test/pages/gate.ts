/** What a page waits for until a test lets it go on. */
const shared = globalThis as { gate?: PromiseWithResolvers<void> }

export function gate(): PromiseWithResolvers<void> {
  shared.gate ??= Promise.withResolvers()
  return shared.gate
}
