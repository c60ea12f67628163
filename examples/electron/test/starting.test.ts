import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import path from "node:path"
import Database from "better-sqlite3"
import { expect, it, onTestFinished } from "vitest"
import { FILE } from "../src/main/open-notes.ts"
import { SETTINGS_KEY } from "../src/shared/kinds.ts"
import { Notes, temporaryFolder } from "./fakes/notes.ts"

it.each([
  ["corrupt", (file: string) => writeFileSync(file, "not a database ".repeat(500))],
  [
    "foreign_schema",
    (file: string) => {
      const database = new Database(file)
      database.exec("CREATE TABLE invoices (id INTEGER PRIMARY KEY, total REAL)")
      database.exec("INSERT INTO invoices (total) VALUES (12.5)")
      database.close()
    },
  ],
])(
  "shows why a file that is %s cannot be opened, leaves it as it is, and quits",
  async (code, make) => {
    const folder = temporaryFolder(onTestFinished)
    const data = path.join(folder, "data")
    const file = path.join(data, FILE)
    mkdirSync(data)
    make(file)
    const before = readFileSync(file)
    const notes = await new Notes(folder).start()
    expect(await notes.fake.quitted).toBe(1)
    expect(notes.windows).toEqual([])
    const [box] = notes.fake.boxes
    expect(box).toMatch("Notes cannot open your notes")
    expect(box).toMatch(`(${code})`)
    expect(box).toMatch(file)
    expect(readFileSync(file)).toEqual(before)
  },
)

it("tells in the box what to do next", async () => {
  const folder = temporaryFolder(onTestFinished)
  const file = path.join(folder, "data", FILE)
  mkdirSync(file, { recursive: true }) // A folder where the file should be.
  const notes = await new Notes(folder).start()
  await notes.fake.quitted
  expect(notes.fake.boxes[0]).toMatch("Give the path of a file")
})

it("leaves everything to the first one when it is started twice", async () => {
  const folder = temporaryFolder(onTestFinished)
  const second = await new Notes(folder, { isSecond: true }).start()
  expect(await second.fake.quitted).toBe(0)
  expect(second.windows).toEqual([])
  expect(existsSync(path.join(folder, "data", FILE))).toBe(false)
})

it("draws what is the system's in the chosen theme, also at the next start", async () => {
  const folder = temporaryFolder(onTestFinished)
  const first = await new Notes(folder).start()
  expect(first.fake.nativeTheme.themeSource).toBe("system")
  await first.store().set("settings", SETTINGS_KEY, { theme: "dark", fontSize: 18 })
  expect(first.fake.nativeTheme.themeSource).toBe("dark")
  await first.quit()
  const second = await new Notes(folder).start()
  onTestFinished(() => void second.quit())
  expect(second.fake.nativeTheme.themeSource).toBe("dark")
  expect(await second.store().get("settings", SETTINGS_KEY)).toEqual({
    theme: "dark",
    fontSize: 18,
  })
})

it("refuses settings that are none", async () => {
  const notes = await new Notes(temporaryFolder(onTestFinished)).start()
  onTestFinished(() => void notes.quit())
  const wrong = { theme: "loud", fontSize: 400 } as never
  await expect(notes.store().set("settings", SETTINGS_KEY, wrong)).rejects.toMatchObject({
    code: "validation_failed",
  })
})
