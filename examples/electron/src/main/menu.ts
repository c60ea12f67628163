import type { MenuItemConstructorOptions } from "electron"

/** The application's menu. What happens inside a window has its keys there. */
export function applicationMenu(
  name: string,
  platform: NodeJS.Platform,
  windows: { open(): void },
): MenuItemConstructorOptions[] {
  const isMac = platform === "darwin"
  const file: MenuItemConstructorOptions = {
    label: "&File",
    submenu: [
      { label: "New Window", accelerator: "CmdOrCtrl+Shift+N", click: () => windows.open() },
      { type: "separator" },
      { role: "close" },
      ...(isMac ? [] : [{ role: "quit" } as const]),
    ],
  }
  return [
    ...(isMac ? [{ label: name, role: "appMenu" } as const] : []),
    file,
    { role: "editMenu" },
    { role: "viewMenu" },
    { role: "windowMenu" },
  ]
}
