/** A callback of the application's: what it throws is reported, and holds up nothing. */
export function guarded<Given extends readonly unknown[]>(
  callback: (...given: Given) => void,
  report: (error: unknown) => void,
): (...given: Given) => void {
  return (...given) => {
    try {
      callback(...given)
    } catch (error) {
      report(error)
    }
  }
}
