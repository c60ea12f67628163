/** Lists of which only the rows on screen are drawn. */
export const list: string = `
.list { flex: 1; min-height: 0; overflow: auto; overflow-anchor: none; contain: strict; }
.rows { position: relative; width: 100%; }
.row { position: absolute; inset: 0 0 auto; cursor: default; }
.row:hover { background: var(--hover); }
.row[aria-selected="true"] { background: var(--accent-ground); }
.list:focus-visible .row[aria-selected="true"] { box-shadow: inset 3px 0 0 var(--accent); }
.kind-row, .entry-row { display: flex; align-items: baseline; gap: 10px; height: 30px; padding: 0 12px; line-height: 30px; white-space: nowrap; }
.text { overflow: hidden; text-overflow: ellipsis; }
.preview { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; color: var(--soft); font-family: var(--mono); font-size: 12px; }
.entry-row .preview { flex: 1; }
.entry-row .key { flex: 0 1 auto; max-width: 65%; font-family: var(--mono); font-size: 12px; font-weight: 500; }
.entry-row .version, .event-line .version { flex: none; color: var(--soft); font-size: 12px; }
.entry-row.waiting { color: transparent; }
.entry-row.waiting::before { content: ""; align-self: center; width: 45%; height: 8px; border-radius: 4px; background: var(--line); }
.kind-row { justify-content: space-between; }
.kind-row .count { font-size: 12px; }
`
