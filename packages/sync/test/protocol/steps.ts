import { authoritySteps } from "./authority-steps.ts"
import { faultSteps } from "./fault-steps.ts"
import { feedSteps } from "./feed-steps.ts"
import type { Model, Step } from "./model.ts"
import { replicaSteps } from "./replica-steps.ts"
import type { State } from "./state.ts"

/** All that can happen next. */
export function* stepsOf(state: State, model: Model): Iterable<Step> {
  yield* authoritySteps(state, model)
  for (const index of state.replicas.keys()) {
    yield* feedSteps(state, index, model)
    yield* replicaSteps(state, index, model)
  }
  yield* faultSteps(state, model)
}
