import type { Kinds } from "@tidemark/core"

/**
 * Tells the hooks the kinds of an application, so that nothing has to be said where they are
 * used. Declare it once; kinds that are not declared give `unknown`.
 *
 * @example
 * declare module "@tidemark/react" {
 *   interface Register { kinds: typeof kinds }
 * }
 */
// biome-ignore lint/suspicious/noEmptyInterface: applications add to it by declaration merging.
export interface Register {}

/** The kinds that were registered, or any. */
export type RegisteredKinds = Register extends { readonly kinds: infer K extends Kinds } ? K : Kinds
