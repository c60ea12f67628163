/** What a page sends to main. */
export type PageMessage =
  | { readonly type: "ipc"; readonly channel: string; readonly args: readonly unknown[] }
  | { readonly type: "port"; readonly id: number; readonly data: unknown }

/** What main sends to a page. */
export type ToPage =
  | {
      readonly type: "ipc"
      readonly channel: string
      readonly message: unknown
      /** The ids of the ports that come along. */
      readonly ports: readonly number[]
    }
  | { readonly type: "port"; readonly id: number; readonly data: unknown }
  | { readonly type: "close"; readonly id: number }

type Preload = (
  require: (name: string) => unknown,
  module: { exports: object },
  exports: object,
  process: { readonly argv: readonly string[] },
) => void

interface BridgedWindow extends Window {
  __toMain(message: PageMessage): Promise<void>
  __fromMain(message: ToPage): void
}

/**
 * The text of a script that stands for Electron in a page and runs the preload script there: IPC
 * and ports go through two functions, `__toMain` and `__fromMain`.
 */
export function pageScript(preload: string, argv: readonly string[]): string {
  const wrapped = `function (require, module, exports, process) {\n${preload}\n}`
  return `(${installBridge.toString()})(${JSON.stringify(argv)}, ${wrapped})`
}

/** Runs in the page, so it must stand alone. */
function installBridge(argv: readonly string[], preload: Preload): void {
  const page = window as unknown as BridgedWindow & Record<string, unknown>
  const ports = new Map<number, MessagePort>()
  const listeners = new Map<string, (event: unknown, message: unknown) => void>()
  page.__fromMain = (told) => {
    if (told.type === "port") ports.get(told.id)?.postMessage(told.data)
    else if (told.type === "close") ports.get(told.id)?.close()
    else {
      const given = told.ports.map((id) => {
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = ({ data }) => page.__toMain({ type: "port", id, data })
        ports.set(id, port1)
        return port2
      })
      listeners.get(told.channel)?.({ ports: given }, told.message)
    }
  }
  const electron = {
    contextBridge: {
      exposeInMainWorld(name: string, api: unknown) {
        ;(page as Record<string, unknown>)[name] = api
      },
    },
    ipcRenderer: {
      on: (channel: string, listener: (event: unknown, message: unknown) => void) =>
        listeners.set(channel, listener),
      send: (channel: string, ...args: readonly unknown[]) =>
        page.__toMain({ type: "ipc", channel, args }),
    },
  }
  const module = { exports: {} }
  preload(() => electron, module, module.exports, { argv })
}
