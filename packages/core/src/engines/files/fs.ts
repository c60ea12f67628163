import type * as nodeFs from "node:fs"

/**
 * Node's file system. Not imported: as a module it has all its parts in place, its promises and
 * streams too, and loading these takes as long as opening a file.
 */
export const fs: typeof nodeFs = process.getBuiltinModule("node:fs")
