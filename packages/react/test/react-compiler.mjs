import { transformAsync } from "@babel/core"
import compiler from "babel-plugin-react-compiler"

/**
 * A Vite plugin that gives the components of test files to the React Compiler, as an application
 * does with its own.
 */
export function reactCompiler() {
  return {
    name: "react-compiler",
    enforce: "pre",
    async transform(code, id) {
      if (!/\/packages\/react\/test\/[^?]*\.tsx$/.test(id)) return undefined
      const compiled = await transformAsync(code, {
        filename: id,
        babelrc: false,
        configFile: false,
        sourceMaps: true,
        parserOpts: { plugins: ["typescript", "jsx"] },
        plugins: [[compiler, { target: "19" }]],
      })
      return { code: compiled.code, map: compiled.map }
    },
  }
}
