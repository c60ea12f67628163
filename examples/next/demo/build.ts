// `pnpm build`: the page for production, when its sources have changed.
import { ensureBuild } from "./ensure-build.ts"

await ensureBuild()
