/** Which batch of which writer a change belongs to, and how many changes the batch has. */
export interface Origin {
  readonly writer: string
  /** The batches of a writer are numbered 0, 1, 2 … */
  readonly batch: number
  readonly size: number
}

/** As a text, for the option `origin` of a write. */
export function originText({ writer, batch, size }: Origin): string {
  return `${writer} ${batch} ${size}`
}

export function originOf(text: string): Origin {
  const [writer = "", batch, size] = text.split(" ")
  return { writer, batch: Number(batch), size: Number(size) }
}

/** What a writer puts into the n-th entry of a batch: no two alike, now and then over several pages. */
export function contentOf(writer: string, batch: number, part: number) {
  const length = batch % 60 === 59 ? 9_000 : (batch * 37 + part * 101) % 700
  return { writer, batch, part, text: "x".repeat(length) }
}
