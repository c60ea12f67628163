/** The name of the query parameter that tells a page which window it is. */
export const WINDOW_PARAMETER = "window"

/** The argument that tells the preload script the origin of the application's own pages. */
export const ORIGIN_ARGUMENT = "--notes-origin="
