/**
 * Whether all that came of some values is done with. RxJS pushes, and an operator cannot tell its
 * source to wait. So a source that can wait says, while it tells a value, whose value it is; who
 * works on it for longer holds it; and the source reads on when nobody holds anything.
 */
export class Pace {
  #holds = 0
  #callbacks: (() => void)[] = []

  /** Tells a value; until that returns, `hold` is about it. */
  tell<T>(subscriber: { next(value: T): void }, value: T): void {
    const outer = current
    current = this
    try {
      subscriber.next(value)
    } finally {
      current = outer
    }
  }

  /** Resolves when nobody holds anything any more; `undefined` when nobody does. */
  ready(): Promise<void> | undefined {
    return this.#holds === 0 ? undefined : new Promise((resolve) => this.whenFree(resolve))
  }

  /** Calls back when nobody holds anything any more: at once when nobody does. */
  whenFree(callback: () => void): void {
    if (this.#holds === 0) callback()
    else this.#callbacks.push(callback)
  }

  /** Holds it; the result lets go. */
  hold(): () => void {
    this.#holds++
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      if (--this.#holds > 0) return
      const callbacks = this.#callbacks
      this.#callbacks = []
      for (const callback of callbacks) callback()
    }
  }
}

/** Holds the value that is told in this very call, if its source can wait; the result lets go. */
export function hold(): () => void {
  return current?.hold() ?? nothing
}

let current: Pace | undefined
const nothing = () => {}
