import type {
  App,
  BrowserWindow,
  BrowserWindowConstructorOptions,
  Dialog,
  IpcMain,
  Menu,
  MessageChannelMain,
  NativeTheme,
  Protocol,
  Screen,
} from "electron"

/** What the application uses of Electron: `main.ts` gives the real one, a test its own. */
export interface Electron {
  readonly app: Pick<
    App,
    | "enableSandbox"
    | "exit"
    | "getPath"
    | "name"
    | "on"
    | "quit"
    | "requestSingleInstanceLock"
    | "whenReady"
  >
  readonly BrowserWindow: new (options: BrowserWindowConstructorOptions) => BrowserWindow
  readonly dialog: Pick<Dialog, "showErrorBox" | "showMessageBox">
  readonly ipcMain: Pick<IpcMain, "off" | "on">
  readonly Menu: Pick<typeof Menu, "buildFromTemplate" | "setApplicationMenu">
  readonly MessageChannelMain: new () => MessageChannelMain
  readonly nativeTheme: Pick<NativeTheme, "themeSource">
  readonly protocol: Pick<Protocol, "handle" | "registerSchemesAsPrivileged">
  readonly screen: Pick<Screen, "getAllDisplays">
}
