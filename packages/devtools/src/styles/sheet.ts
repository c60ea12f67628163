import { controls } from "./controls.ts"
import { entries } from "./entries.ts"
import { events } from "./events.ts"
import { frame } from "./frame.ts"
import { json } from "./json.ts"
import { list } from "./list.ts"
import { theme } from "./theme.ts"
import { versions } from "./versions.ts"

/** All styles of the panel. They hold inside its shadow root only. */
export const styles: string = [theme, frame, controls, list, json, entries, versions, events].join(
  "\n",
)
