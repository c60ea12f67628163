import react from "@vitejs/plugin-react"
import { defineConfig, type UserConfig } from "vite"

const config: UserConfig = defineConfig({
  root: new URL("src/renderer/", import.meta.url).pathname,
  // Beside the main process, and whatever the page's address is.
  base: "./",
  plugins: [react()],
  // Main may serve files only; what is inlined would need an exception in the policy.
  build: { outDir: "../../dist/renderer", emptyOutDir: true, assetsInlineLimit: 0 },
})

export default config
