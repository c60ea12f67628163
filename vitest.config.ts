import { availableParallelism } from "node:os"
import { fileURLToPath } from "node:url"
import { playwright } from "@vitest/browser-playwright"
import { defineConfig } from "vitest/config"
import { reactCompiler } from "./packages/react/test/react-compiler.mjs"
import { findBrowser, launchOptions } from "./scripts/setup/browser.mjs"

// Playwright tests read it too: every project runs in the same browser.
const executablePath = findBrowser(process.env)
if (executablePath !== undefined) process.env.TIDEMARK_CHROMIUM = executablePath

const folders = "{packages/*,examples/*,bench,campaigns,docs,scripts}/test"
const files = (suffix: string) => [`${folders}/**/*${suffix}`]
const elsewhere = [...files(".{dom,browser,e2e}.test.{ts,tsx}"), "**/node_modules/**"]

// A busy machine is no failure; only what hangs is.
const patience = 60_000

// Whole applications come when their parts are tested, and one after the other.
const parts = { groupOrder: 1 }
const wholes = { groupOrder: 2 }

// The hooks serve both versions of React, and components that its compiler has rewritten.
const hooks = "packages/react/test"
const react18 = ["@testing-library/react", "react", "react-dom"].map((name) => ({
  find: new RegExp(`^${name}(?=/|$)`),
  replacement: fileURLToPath(new URL(`${hooks}/react-18/node_modules/${name}`, import.meta.url)),
}))
// In a pool that makes its page once for each worker, and not for each file.
const again = { pool: "vmThreads" as const, include: [`${hooks}/*.dom.test.tsx`] }
const dom = { environment: "happy-dom", sequence: parts, testTimeout: patience }

export default defineConfig({
  test: {
    // One more than vitest takes on a machine of two cores: much of what is tested waits.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        test: {
          name: "node",
          include: files(".test.{ts,tsx}"),
          exclude: elsewhere,
          sequence: parts,
          testTimeout: patience,
          typecheck: {
            enabled: true,
            include: files(".test-d.ts"),
            tsconfig: "tsconfig.test.json",
            // The script `typecheck` tells these; here only what the type tests say counts.
            ignoreSourceErrors: true,
          },
        },
      },
      { test: { ...dom, name: "dom", include: files(".dom.test.{ts,tsx}") } },
      {
        resolve: { alias: react18 },
        test: {
          ...dom,
          ...again,
          name: "dom, React 18",
          env: { TIDEMARK_REACT: "18" },
          exclude: [`${hooks}/activity.dom.test.tsx`], // React 18 has no Activity.
        },
      },
      {
        plugins: [reactCompiler()],
        test: {
          ...dom,
          ...again,
          name: "dom, React Compiler",
          env: { TIDEMARK_REACT_COMPILER: "1" },
        },
      },
      {
        test: {
          name: "browser",
          include: files(".browser.test.{ts,tsx}"),
          sequence: parts,
          testTimeout: patience,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: launchOptions(process.env) }),
            instances: [{ browser: "chromium" }],
          },
        },
      },
      {
        test: {
          name: "e2e",
          include: files(".e2e.test.{ts,tsx}"),
          sequence: wholes,
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
