export { mountDevtools } from "./chosen.ts"
export type {
  Corner,
  Devtools,
  DevtoolsOptions,
  InspectedStore,
  MountDevtools,
} from "./devtools.ts"
