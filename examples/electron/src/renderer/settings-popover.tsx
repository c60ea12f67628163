import { type ReactNode, useId } from "react"
import { DEFAULT_SETTINGS, SETTINGS_KEY, type Settings } from "../shared/kinds.ts"
import { useKey, useStore } from "./hooks.ts"
import { useReport } from "./toasts.tsx"

const THEMES = [
  { theme: "system", label: "System" },
  { theme: "light", label: "Light" },
  { theme: "dark", label: "Dark" },
] as const

/** How notes look, in all windows. */
export function SettingsPopover(): ReactNode {
  const store = useStore()
  const report = useReport()
  const settings = useKey("settings", SETTINGS_KEY, { initial: DEFAULT_SETTINGS })
  const size = useId()
  const change = (part: Partial<Settings>) => {
    store.set("settings", SETTINGS_KEY, { ...settings, ...part }).catch(report)
  }
  return (
    <div id="settings" popover="auto" className="popover" role="dialog" aria-label="Appearance">
      <fieldset className="choices">
        <legend>Theme</legend>
        {THEMES.map(({ theme, label }) => (
          <label key={theme}>
            <input
              type="radio"
              name="theme"
              checked={settings.theme === theme}
              onChange={() => change({ theme })}
            />
            <span>{label}</span>
          </label>
        ))}
      </fieldset>
      <div className="slider">
        <label htmlFor={size}>Text size</label>
        <output htmlFor={size}>{settings.fontSize}</output>
        <input
          id={size}
          type="range"
          min={12}
          max={28}
          value={settings.fontSize}
          onChange={(event) => change({ fontSize: event.target.valueAsNumber })}
        />
      </div>
    </div>
  )
}
