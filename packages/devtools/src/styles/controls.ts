/** Buttons, fields and notices. */
export const controls: string = `
.button, .icon-button, .segments button, .link {
  display: inline-flex;
  align-items: center;
  justify-content: center;
  gap: 6px;
  border: 1px solid transparent;
  border-radius: 6px;
  color: inherit;
  background: none;
  font: 500 12px/1 var(--sans);
  white-space: nowrap;
  cursor: pointer;
}
.button { min-height: 28px; padding: 0 10px; border-color: var(--line); background: var(--ground); }
.icon-button { flex: none; width: 28px; height: 28px; padding: 0; color: var(--soft); }
.button:hover, .icon-button:hover { background: var(--hover); color: var(--text); }
.button:hover { border-color: var(--strong-line); }
.button:disabled, .icon-button:disabled { opacity: 0.45; cursor: default; }
.button[aria-pressed="true"] { color: var(--accent); background: var(--accent-ground); border-color: transparent; }
.button.primary { color: var(--on-accent); background: var(--accent); border-color: transparent; }
.button.primary:hover:enabled { filter: brightness(1.08); }
.button.danger { color: var(--red); border-color: var(--red); }
.icon-button.danger:hover { color: var(--red); background: var(--red-ground); }
.icon-button[data-state="copied"] { color: var(--green); }
.icon-button[data-state="refused"] { color: var(--red); }
.link { display: inline; padding: 0; color: inherit; font: inherit; text-align: start; white-space: normal; }
.link:hover { text-decoration: underline; }
.segments { flex: none; display: inline-flex; min-width: 0; margin: 0; padding: 2px; border: 0; border-radius: 7px; background: var(--hover); }
.segments button { min-height: 24px; padding: 0 10px; color: var(--soft); border-radius: 5px; }
.segments button[aria-pressed="true"] { color: var(--text); background: var(--ground); box-shadow: 0 1px 2px rgb(0 25 35 / 0.14); }

.devtools :is(input, select, textarea) {
  min-width: 0;
  margin: 0;
  border: 1px solid var(--line);
  border-radius: 6px;
  color: var(--text);
  background: var(--ground);
  font: 12px/1.4 var(--sans);
}
.devtools :is(input, select) { height: 28px; padding: 0 8px; }
.devtools select { padding-inline-end: 4px; text-overflow: ellipsis; }
.devtools :is(input, select, textarea):hover { border-color: var(--strong-line); }
.devtools ::placeholder { color: var(--soft); opacity: 1; }
@media (pointer: coarse) {
  .devtools :is(input, select, textarea) { font-size: 16px; }
  .button, .icon-button, .devtools :is(input, select) { min-height: 36px; }
  .icon-button { width: 36px; }
}

.toolbar {
  flex: none;
  display: flex;
  align-items: center;
  gap: 8px;
  min-height: 40px;
  padding: 5px 10px;
  border-bottom: 1px solid var(--line);
}
.toolbar input { flex: 1; max-width: 360px; }
.toolbar select { max-width: 180px; }
.toolbar .compare select { max-width: 280px; }
.toolbar .count { margin-inline-start: auto; }
.notice {
  flex: none;
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 4px 10px;
  padding: 7px 12px;
  border-bottom: 1px solid var(--line);
  color: var(--amber);
  background: var(--amber-ground);
  overflow-wrap: anywhere;
}
.notice.failure { display: block; color: var(--red); background: var(--red-ground); }
.notice .hint { color: var(--text); }
.notice .code { font: 600 12px/1 var(--mono); }
.notice .button { margin-block: 3px; color: var(--text); }
.empty {
  flex: 1;
  display: grid;
  place-content: center;
  justify-items: center;
  gap: 4px;
  padding: 24px;
  color: var(--soft);
  text-align: center;
}
.empty .title { color: var(--text); font: 600 13px/1.45 var(--sans); }
.question { flex: none; padding: 10px 12px; border-bottom: 1px solid var(--line); background: var(--red-ground); overflow-wrap: anywhere; }
.answers { display: flex; align-items: center; justify-content: flex-end; gap: 8px; padding-top: 8px; }
.answers .soft { margin-inline-end: auto; }
`
