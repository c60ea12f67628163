import { Component, type ComponentChildren } from "preact"
import { type Failure, failureOf } from "../failure.ts"
import { FailureNotice } from "./notice.tsx"

interface State {
  readonly failure: Failure | undefined
}

/** Shows an error of the panel in the panel, so that it never reaches the application. */
export class Boundary extends Component<{ readonly children?: ComponentChildren }, State> {
  override state: State = { failure: undefined }

  static override getDerivedStateFromError(error: unknown): State {
    return { failure: failureOf(error) }
  }

  override render(): ComponentChildren {
    const { failure } = this.state
    if (failure === undefined) return this.props.children
    return (
      <section class="devtools broken" aria-label="Tidemark devtools">
        <FailureNotice
          failure={{ ...failure, message: `The panel has failed: ${failure.message}` }}
        >
          <button
            type="button"
            class="button"
            onClick={() => this.setState({ failure: undefined })}
          >
            Show it again
          </button>
        </FailureNotice>
      </section>
    )
  }
}
