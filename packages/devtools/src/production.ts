export type {
  Corner,
  Devtools,
  DevtoolsOptions,
  InspectedStore,
  MountDevtools,
} from "./devtools.ts"
export { mountDevtools } from "./mount.ts"
