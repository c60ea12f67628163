import { execFile } from "node:child_process"
import path from "node:path"
import { promisify } from "node:util"
import { expect, it, vi } from "vitest"

vi.setConfig({ testTimeout: 60_000 })

const root = path.join(import.meta.dirname, "..")
const tsc = path.join(root, "node_modules", "typescript", "bin", "tsc")

it.each(["main", "preload", "renderer", "test"])("fits Electron's own types: %s", async (part) => {
  const told = await promisify(execFile)(process.execPath, [tsc, "-p", `tsconfig.${part}.json`], {
    cwd: root,
  }).catch(({ stdout }: { readonly stdout: string }) => ({ stdout }))
  expect(told.stdout).toBe("")
})
