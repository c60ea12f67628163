import type { VNode } from "preact"

/** Strokes on a field of 16 by 16. */
const PATHS = {
  tide: "M1.5 5.5c2 0 2-1.5 4.3-1.5s2.300 1.5 4.400 1.500S12.500 4 14.500 4M1.500 9c2 0 2-1.500 4.300-1.500S8.100 9 10.200 9s2.300-1.500 4.300-1.500M1.500 12.500c2 0 2-1.500 4.300-1.500s2.300 1.500 4.400 1.500 2.300-1.500 4.300-1.500",
  close: "M4 4l8 8M12 4l-8 8",
  chevron: "M6 3.500 10.500 8 6 12.500",
  back: "M10 3.500 5.500 8l4.500 4.500",
  pause: "M5.500 3.500v9M10.500 3.500v9",
  play: "M5 3.500v9l7.500-4.500z",
  edit: "M10.500 2.800l2.700 2.700L5.700 13H3v-2.700z",
  copy: "M6 6V2.800h7.200V10H10M2.800 6H10v7.200H2.800z",
  trash: "M2.800 4.500h10.400M6.200 4.500V2.800h3.600v1.700M4 4.500l.600 8.700h6.800l.600-8.700",
  versions:
    "M8 4.500V8l2.500 1.500M2.800 8A5.200 5.200 0 1 0 4.600 4M2.600 2.600 4.500 4.200 2.900 6",
  clear: "M3.900 3.900l8.200 8.200M8 2.300a5.700 5.700 0 1 0 0 11.400A5.700 5.700 0 0 0 8 2.300z",
  check: "M3 8.500 6.500 12 13 4.500",
} as const

export type IconName = keyof typeof PATHS

/** A small picture; what it means is said beside it or by the label of its button. */
export function Icon({ name }: { readonly name: IconName }): VNode {
  return (
    <svg class={`icon ${name}`} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={PATHS[name]} fill="none" stroke="currentColor" />
    </svg>
  )
}
