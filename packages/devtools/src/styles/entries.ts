/** Entries: kinds, the entries of one, and one entry. */
export const entries: string = `
.entries {
  flex: 1;
  display: grid;
  grid-template: minmax(0, 1fr) / minmax(140px, 200px) minmax(240px, 2fr) minmax(300px, 3fr);
  min-height: 0;
}
.entries > * { display: flex; flex-direction: column; min-width: 0; min-height: 0; }
.entries > * + * { border-inline-start: 1px solid var(--line); }
.kinds .as-list { flex: 1; display: flex; flex-direction: column; min-height: 0; background: var(--raised); }
.kinds .as-menu { display: none; }
.heading { display: flex; justify-content: space-between; padding: 10px 12px 6px; font: 600 11px/1.4 var(--sans); color: var(--soft); }
.filter { flex: none; display: flex; align-items: center; gap: 10px; padding: 5px 12px 5px 6px; min-height: 40px; border-bottom: 1px solid var(--line); }
.filter input { flex: 1; }
.detail { flex: 1; display: flex; flex-direction: column; min-width: 0; min-height: 0; }
.detail-header { flex: none; display: flex; align-items: flex-start; gap: 8px; padding: 6px 6px 2px 12px; }
.title { min-width: 0; overflow-wrap: anywhere; font: 600 13px/1.4 var(--mono); }
.detail-header .title { flex: 1; max-height: 92px; overflow: auto; padding-block: 5px; }
.title .of { font-weight: 400; }
.actions { flex: none; display: flex; gap: 2px; }
.actions .button { margin-inline-end: 4px; }
.detail-header .back { display: none; }
.facts { flex: none; display: flex; flex-wrap: wrap; gap: 2px 16px; padding: 0 12px 8px; border-bottom: 1px solid var(--line); font-size: 12px; }
.facts > div { display: flex; align-items: baseline; gap: 5px; position: relative; }
.facts dt { color: var(--soft); }
.facts dd { font-variant-numeric: tabular-nums; }

@container devtools (max-width: 720px) {
  .entries { grid-template: auto minmax(0, 1fr) / minmax(0, 1fr); }
  .entries > * + * { border-inline-start: 0; }
  .kinds .as-list { display: none; }
  .kinds .as-menu { display: flex; align-items: center; gap: 10px; padding: 6px 12px; border-bottom: 1px solid var(--line); background: var(--raised); }
  .as-menu select { flex: 1; }
  .entries[data-chosen="true"] > :is(.kinds, .entry-list), .entries > .nothing { display: none; }
  .entries[data-chosen="true"] > .detail { grid-row: 1 / -1; }
  .filter { padding-inline: 12px; }
  .detail-header { padding-inline-start: 6px; }
  .detail-header .back { display: inline-flex; }
}
`
