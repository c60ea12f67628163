import * as Toast from "@radix-ui/react-toast"
import { createContext, type ReactNode, useCallback, useContext, useState } from "react"

/** A short message, and perhaps one thing to do about it. */
export interface ToastContent {
  readonly text: string
  readonly action?: { readonly label: string; run(): void }
}

type ShowToast = (content: ToastContent) => void

/** How long a message stays, in milliseconds; longer while it is looked at. */
const STAY = 8_000

const ToastContext = createContext<ShowToast>(() => {})

/** Shows the newest message at the foot of the window. */
export function Toasts({ children }: { readonly children: ReactNode }): ReactNode {
  const [shown, setShown] = useState<ToastContent & { readonly id: number }>()
  const show = useCallback<ShowToast>((content) => {
    setShown((last) => ({ ...content, id: (last?.id ?? 0) + 1 }))
  }, [])
  return (
    <ToastContext.Provider value={show}>
      <Toast.Provider duration={STAY}>
        {children}
        {shown && (
          <Toast.Root
            key={shown.id}
            className="toast"
            onOpenChange={(open) => {
              if (!open) setShown(undefined)
            }}
          >
            <Toast.Description>{shown.text}</Toast.Description>
            {shown.action && (
              <Toast.Action
                className="toast-action"
                altText={shown.action.label}
                onClick={shown.action.run}
              >
                {shown.action.label}
              </Toast.Action>
            )}
          </Toast.Root>
        )}
        <Toast.Viewport className="toasts" />
      </Toast.Provider>
    </ToastContext.Provider>
  )
}

export function useToast(): ShowToast {
  return useContext(ToastContext)
}

/** A function for the errors of writes: what was shown is taken back, and its reason is told. */
export function useReport(): (error: unknown) => void {
  const toast = useToast()
  return useCallback(
    (error) => toast({ text: error instanceof Error ? error.message : String(error) }),
    [toast],
  )
}
