import type { InspectedStore } from "@tidemark/devtools"
import { mountDevtools } from "@tidemark/devtools"

// What an application writes; bundled by a test.
declare const store: InspectedStore
mountDevtools(document.body, store)
