const start = Date.now()

/** Shows how far a long job is: on a terminal in one line, else in lines of their own. */
export function showProgress(text: string): void {
  process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${text}` : `${text}\n`)
}

/** Ends the line that shows the progress. */
export function endProgress(): void {
  if (process.stderr.isTTY) process.stderr.write("\n")
}

/** How far a job is, and how long it will take still. */
export function progressOf(done: number, total: number): string {
  const seconds = (Date.now() - start) / 1_000
  const left = done === 0 ? 0 : (seconds / done) * (total - done)
  return `${done} of ${total}, ${timeOf(seconds)} gone, ${timeOf(left)} left`
}

function timeOf(seconds: number): string {
  return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`
}
