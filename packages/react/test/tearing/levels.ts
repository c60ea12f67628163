import { startTransition } from "react"
import { type Mode, openPage, type Page, type Screen } from "./page.tsx"
import type { Subject } from "./subjects.tsx"

/** One question about state that is shared by many components, in concurrent rendering. */
export interface Level {
  readonly name: string
  /** Whether a subject does it. */
  holds(subject: Subject, mode: Mode): Promise<boolean>
}

/**
 * The published levels: 1, the screen is whole in the end; 2, it is whole after every commit; 3,
 * a render of the state can be interrupted, and left behind, as one of React's own state can.
 */
export const levels: readonly Level[] = [
  { name: "1: an update tears nothing in the end", holds: (...given) => ends(update, given) },
  { name: "1: a mount tears nothing in the end", holds: (...given) => ends(mount, given) },
  { name: "2: an update tears nothing at any time", holds: (...given) => always(update, given) },
  { name: "2: a mount tears nothing at any time", holds: (...given) => always(mount, given) },
  { name: "3: what is urgent interrupts the render", holds: interrupts },
  { name: "3: an urgent change overtakes a slow one", holds: overtakes },
]

type Given = readonly [subject: Subject, mode: Mode]
type Play = (page: Page, subject: Subject, mode: Mode) => Promise<void>

/** Changes the state as the mode has it: slowly, or at once with a deferred value to follow. */
function change({ add }: Subject, mode: Mode, amount = 1): void {
  if (mode === "transition") startTransition(() => add(amount))
  else add(amount)
}

const update: Play = async (page, subject, mode) => {
  change(subject, mode)
  await page.middle()
  change(subject, mode)
}

const mount: Play = async (page, subject, mode) => {
  page.show()
  await page.middle()
  change(subject, mode)
}

async function play(play: Play, isShown: boolean, [subject, mode]: Given) {
  const page = await openPage(subject, mode, isShown)
  await play(page, subject, mode)
  await page.rest()
  page.close()
  return page.screens
}

async function ends(steps: Play, given: Given): Promise<boolean> {
  const last = (await play(steps, steps === update, given)).at(-1)
  const wanted = steps === update ? "2" : "1"
  return last !== undefined && last.now === wanted && last.slow.every((text) => text === wanted)
}

async function always(steps: Play, given: Given): Promise<boolean> {
  return (await play(steps, steps === update, given)).every((screen) => isWhole(screen, given[1]))
}

/** Whether all that shows the state shows the same; what is deferred may be behind as a whole. */
function isWhole({ now, slow }: Screen, mode: Mode): boolean {
  return new Set(mode === "transition" ? [now, ...slow] : slow).size <= 1
}

async function interrupts(...given: Given): Promise<boolean> {
  const hurry: Play = async (page, subject, mode) => {
    change(subject, mode)
    await page.middle()
    page.click()
  }
  const screens = await play(hurry, true, given)
  return screens.some(({ urgent, slow }) => urgent === "1" && slow.every((text) => text === "0"))
}

async function overtakes(...given: Given): Promise<boolean> {
  const overtake: Play = async (page, subject, mode) => {
    change(subject, mode, 10)
    await page.middle()
    page.click(() => subject.add(1))
  }
  const screens = await play(overtake, true, given)
  // What is urgent is shown first, without what a transition changes; a deferred value follows both.
  const isOvertaken = ({ now, slow }: Screen) =>
    given[1] === "transition"
      ? now === "1" && slow.every((text) => text === "1")
      : now === "11" && slow.every((text) => text === "0")
  return screens.some(isOvertaken) && screens.at(-1)?.slow[0] === "11"
}
