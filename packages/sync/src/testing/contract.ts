import { carryingCases } from "./carrying.ts"
import type { ChannelCase } from "./case.ts"
import { partingCases } from "./parting.ts"
import { refusingCases } from "./refusing.ts"

/**
 * What every channel must show, whatever it travels over. Cases are data, so that any test runner
 * can run them.
 *
 * @example
 * for (const { name, run } of channelContract) it(name, () => run(serveOverMyChannel))
 */
export const channelContract: readonly ChannelCase[] = [
  ...carryingCases,
  ...partingCases,
  ...refusingCases,
]
