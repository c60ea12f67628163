// Which way dependencies point. Paths are sources of this repository; a package that cannot be
// resolved, because its importer does not list it, keeps its name as its path.
export default {
  forbidden: [
    {
      name: "core-stands-alone",
      comment: "Every package rests on core; core rests on none of them.",
      severity: "error",
      from: { path: "^packages/core/src/" },
      to: { path: "^(packages|examples|bench)/|^@tidemark/", pathNot: "^packages/core/src/" },
    },
    {
      name: "leaves-stand-apart",
      comment: "Every other package knows core only: the leaves never import each other.",
      severity: "error",
      from: { path: "^packages/(?!core/)([^/]+)/src/" },
      to: {
        path: "^(packages|examples|bench)/|^@tidemark/",
        pathNot: "^packages/$1/src/|^packages/core/dist/|^@tidemark/core(/|$)",
      },
    },
    {
      name: "core-root-is-pure",
      comment:
        "What the root of core loads runs anywhere: no package, no Node built-in. (The spec is types only.)",
      severity: "error",
      from: { path: "^packages/core/src/index\\.ts$" },
      to: { pathNot: "^packages/core/src/|@standard-schema/spec", reachable: true },
    },
    {
      name: "no-cycles",
      comment: "Modules that load each other have no first one; types may refer to each other.",
      severity: "error",
      from: { path: "^packages/" },
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules|^packages/[^/]+/dist/" },
    tsPreCompilationDeps: true,
    exoticRequireStrings: [],
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types"] },
  },
}
