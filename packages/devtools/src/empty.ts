import type { MountDevtools } from "./devtools.ts"

/** Mounts nothing: the devtools of a production build. */
export const mountDevtools: MountDevtools = () => ({ unmount() {} })
