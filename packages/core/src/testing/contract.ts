import { boundingCases } from "./bounding.ts"
import type { ContractCase } from "./case.ts"
import { closingCases } from "./closing.ts"
import { consumingCases } from "./consuming.ts"
import { deletingCases } from "./deleting.ts"
import { derivingCases } from "./deriving.ts"
import { dumpingCases } from "./dumping.ts"
import { endingCases } from "./ending.ts"
import { expiringCases } from "./expiring.ts"
import { indexingCases } from "./indexing.ts"
import { judgingCases } from "./judging.ts"
import { keepingUpCases } from "./keeping-up.ts"
import { livingCases } from "./living.ts"
import { mergingCases } from "./merging.ts"
import { narrowingCases } from "./narrowing.ts"
import { pacingCases } from "./pacing.ts"
import { packingCases } from "./packing.ts"
import { pagingCases } from "./paging.ts"
import { parkingCases } from "./parking.ts"
import { readingCases } from "./reading.ts"
import { refusingCases } from "./refusing.ts"
import { rememberingCases } from "./remembering.ts"
import { renewingCases } from "./renewing.ts"
import { retainingCases } from "./retaining.ts"
import { scopingCases } from "./scoping.ts"
import { transactingCases } from "./transacting.ts"
import { undoingCases } from "./undoing.ts"
import { watchingCases } from "./watching.ts"
import { writingCases } from "./writing.ts"

/** What stores show of their scopes; a replica has none. */
export const scopeContract: readonly ContractCase[] = [
  ...scopingCases,
  ...boundingCases,
  ...closingCases,
]

/**
 * What every store must show, whatever its engine and wherever it is. Cases are data, so that
 * any test runner can run them.
 *
 * @example
 * for (const { name, run } of storeContract) it(name, () => run(openMyStore))
 */
export const storeContract: readonly ContractCase[] = [
  ...readingCases,
  ...pagingCases,
  ...narrowingCases,
  ...writingCases,
  ...deletingCases,
  ...refusingCases,
  ...watchingCases,
  ...keepingUpCases,
  ...pacingCases,
  ...livingCases,
  ...retainingCases,
  ...derivingCases,
  ...indexingCases,
  ...transactingCases,
  ...judgingCases,
  ...mergingCases,
  ...packingCases,
  ...rememberingCases,
  ...renewingCases,
  ...expiringCases,
  ...scopeContract,
  ...undoingCases,
  ...consumingCases,
  ...parkingCases,
  ...endingCases,
  ...dumpingCases,
]
