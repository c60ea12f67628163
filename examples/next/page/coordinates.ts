/** A latitude as on a map: `"41.389° N"`. */
export function latitudeText(degrees: number): string {
  return `${Math.abs(degrees).toFixed(3)}° ${degrees < 0 ? "S" : "N"}`
}

/** A longitude as on a map: `"2.159° E"`. */
export function longitudeText(degrees: number): string {
  return `${Math.abs(degrees).toFixed(3)}° ${degrees < 0 ? "W" : "E"}`
}
