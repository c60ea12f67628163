import type { Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { StoreProvider, useKey, useKind, useSelect } from "@tidemark/react"
import {
  createContext,
  type Dispatch,
  type ReactNode,
  type SetStateAction,
  useContext,
  useEffect,
  useState,
} from "react"
import { create, type StoreApi, type UseBoundStore } from "zustand"

/** A way to keep one number that many components show. */
export interface Subject {
  readonly name: string
  /** Begins anew, with 0. */
  begin(): Promise<void>
  readonly Provider: (props: { children: ReactNode }) => ReactNode
  useCount(): number
  add(amount: number): void
}

let store: Store

const tidemark = {
  async begin() {
    store = openStore()
    await store.set("counts", "one", 0)
  },
  Provider: ({ children }: { children: ReactNode }) => (
    <StoreProvider store={store}>{children}</StoreProvider>
  ),
  add(amount: number) {
    void store.set("counts", "one", Number(store.peek("counts", "one")) + amount)
  },
}

const Count = createContext(0)
let setCount: Dispatch<SetStateAction<number>>

function CountProvider({ children }: { children: ReactNode }) {
  const [count, set] = useState(0)
  setCount = set
  return <Count.Provider value={count}>{children}</Count.Provider>
}

interface Counted {
  readonly count: number
}
let useZustand: UseBoundStore<StoreApi<Counted>>

let told = { count: 0, listeners: new Set<() => void>() }

/** How it is not done. */
function useTold(): number {
  const [count, set] = useState(told.count)
  useEffect(() => {
    const listener = () => set(told.count)
    told.listeners.add(listener)
    return () => void told.listeners.delete(listener)
  }, [])
  return count
}

export const subjects: readonly Subject[] = [
  { ...tidemark, name: "`useKey`", useCount: () => Number(useKey("counts", "one")) },
  { ...tidemark, name: "`useKind`", useCount: () => Number(useKind("counts")[0]?.value) },
  {
    ...tidemark,
    name: "`useSelect`",
    useCount: () => useSelect("counts", "one", (count) => ({ count: Number(count) })).count,
  },
  {
    name: "React's `useState` in a context",
    begin: async () => {},
    Provider: CountProvider,
    useCount: () => useContext(Count),
    add: (amount) => setCount((count) => count + amount),
  },
  {
    name: "zustand",
    async begin() {
      useZustand = create<Counted>(() => ({ count: 0 }))
    },
    Provider: ({ children }) => children,
    useCount: () => useZustand(({ count }) => count),
    add: (amount) => useZustand.setState(({ count }) => ({ count: count + amount })),
  },
  {
    name: "a variable, subscribed to in an effect",
    async begin() {
      told = { count: 0, listeners: new Set() }
    },
    Provider: ({ children }) => children,
    useCount: useTold,
    add(amount) {
      told.count += amount
      for (const listener of told.listeners) listener()
    },
  },
]
