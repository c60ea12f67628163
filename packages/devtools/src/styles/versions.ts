/** Versions: the history of an entry, and what differs. */
export const versions: string = `
.versions { flex: 1; display: grid; grid-template: minmax(0, 1fr) / minmax(240px, 1fr) minmax(300px, 2.4fr); min-height: 0; }
.version-list { display: flex; flex-direction: column; min-width: 0; min-height: 0; background: var(--raised); }
.version-list .title { flex: none; max-height: 76px; overflow: auto; padding: 10px 12px; border-bottom: 1px solid var(--line); }
.version-list .more { flex: none; margin: 8px 12px; }
.version-detail { border-inline-start: 1px solid var(--line); }
.version-row {
  display: grid;
  grid-template: auto auto / 44px auto 1fr;
  align-items: center;
  gap: 2px 8px;
  min-height: 48px;
  padding: 5px 12px;
  font-size: 12px;
}
.version-row .version { font-weight: 600; }
.version-row time { text-align: end; white-space: nowrap; font-variant-numeric: tabular-nums; }
.version-row .soft { grid-column: 2 / -1; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.compare { display: flex; align-items: center; gap: 8px; min-width: 0; margin-inline-start: auto; font-size: 12px; color: var(--soft); }
.compare label { white-space: nowrap; }
.toolbar .icon-button { margin-inline-start: auto; }
.events .toolbar .icon-button { margin-inline-start: 0; }
.differences { flex: 1; min-height: 0; overflow: auto; padding: 4px 12px 12px; }
.summary { padding: 6px 0; font-size: 12px; }
.difference { padding: 6px 0 10px; border-top: 1px solid var(--line); }
.difference .path { margin-inline-end: 8px; font: 600 12px/1.5 var(--mono); overflow-wrap: anywhere; }
.difference > .soft { font-size: 12px; }
.difference pre { margin-top: 4px; padding: 4px 10px; border-radius: 4px; font: 12px/1.6 var(--mono); white-space: pre-wrap; overflow-wrap: anywhere; }
.difference .short { margin-top: 4px; font: 12px/1.6 var(--mono); overflow-wrap: anywhere; }
.difference .short :is(del, ins) { padding: 2px 6px; border-radius: 4px; }
.difference .short del { background: var(--red-ground); }
.difference .short ins { background: var(--green-ground); }
.difference pre:is(.before, .after) { position: relative; padding-inline-start: 24px; }
.difference pre:is(.before, .after)::before { position: absolute; inset-inline-start: 10px; }
.difference .before { background: var(--red-ground); }
.difference .before::before { content: "−"; color: var(--red); }
.difference .after { background: var(--green-ground); }
.difference .after::before { content: "+"; color: var(--green); }
.difference .both { background: var(--raised); }
.difference :is(del, ins) { text-decoration: none; }
.difference .both del { color: var(--red); background: var(--red-ground); text-decoration: line-through; }
.difference .both ins { color: var(--green); background: var(--green-ground); }

@container devtools (max-width: 720px) {
  .versions { grid-template: minmax(0, 2fr) minmax(0, 3fr) / minmax(0, 1fr); }
  .version-detail { border-inline-start: 0; border-top: 1px solid var(--line); }
}
`
