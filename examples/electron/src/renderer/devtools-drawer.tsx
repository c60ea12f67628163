import { TidemarkDevtools } from "@tidemark/devtools/react/production"
import type { ReactNode } from "react"
import { DEFAULT_SETTINGS, SETTINGS_KEY } from "../shared/kinds.ts"
import { useKey, useStore } from "./hooks.ts"

/** The panel that looks into this window's store. An example shows it in its built form, too. */
export function DevtoolsDrawer(): ReactNode {
  const store = useStore()
  const { theme } = useKey("settings", SETTINGS_KEY, { initial: DEFAULT_SETTINGS })
  return (
    <section className="drawer" aria-label="The store">
      <TidemarkDevtools store={store} mode="inline" theme={theme === "system" ? "auto" : theme} />
    </section>
  )
}
