/** JSON values: the tree and the field in which they are edited. */
export const json: string = `
.json-line { display: flex; min-height: 22px; padding: 1px 12px; font: 12px/20px var(--mono); }
.json { min-width: 0; overflow-wrap: anywhere; white-space: pre-wrap; }
.twist { flex: none; display: grid; place-items: center; width: 18px; height: 20px; color: var(--soft); }
.twist .icon { width: 12px; height: 12px; transition: transform 0.12s; }
.twist[data-open="true"] .icon { transform: rotate(90deg); }
@media (prefers-reduced-motion: reduce) { .twist .icon { transition: none; } }
.row[aria-expanded] { cursor: pointer; }
.json .name { color: var(--blue); }
.json .index, .json .mark, .json .size { color: var(--soft); }
.json .size { font: 11px/20px var(--sans); }
.json .string { color: var(--green); }
.json .number { color: var(--amber); }
.json .boolean, .json .null { color: var(--violet); }
.detail > .list { padding-block: 6px; }
.editor { flex: 1; display: flex; flex-direction: column; min-height: 0; }
.editor .json-text { flex: 1; margin: 10px 12px 0; padding: 10px; resize: none; font: 12px/1.6 var(--mono); tab-size: 2; white-space: pre; }
.editor .json-text[aria-invalid="true"] { border-color: var(--red); }
.editor > .failure { margin: 8px 12px 0; border: 0; border-radius: 6px; font-family: var(--mono); font-size: 12px; }
.editor .answers { padding: 8px 12px; }
`
