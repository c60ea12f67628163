import { StoreProvider } from "@tidemark/react"
import { answerFlush } from "@tidemark/sync/electron-renderer"
import { StrictMode } from "react"
import { createRoot } from "react-dom/client"
import { WINDOW_PARAMETER } from "../shared/channels.ts"
import { App } from "./app.tsx"
import { openReplica } from "./replica.ts"
import { Toasts } from "./toasts.tsx"
import "./styles/theme.css"
import "./styles/layout.css"
import "./styles/list.css"
import "./styles/editor.css"
import "./styles/status.css"

const store = openReplica(window)
answerFlush(store)

const windowId = new URLSearchParams(location.search).get(WINDOW_PARAMETER) ?? "unknown"
const root = document.getElementById("root")
if (root === null) throw new Error("The page has no #root")
createRoot(root).render(
  <StrictMode>
    <StoreProvider store={store}>
      <Toasts>
        <App windowId={windowId} />
      </Toasts>
    </StoreProvider>
  </StrictMode>,
)
