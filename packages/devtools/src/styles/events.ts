/** Events: the log, its filter and its lines. */
export const events: string = `
.events { flex: 1; display: flex; flex-direction: column; min-height: 0; position: relative; }
.waiting-pill {
  position: absolute;
  top: 50px;
  left: 50%;
  z-index: 1;
  translate: -50% 0;
  padding: 0 14px;
  border: 0;
  border-radius: 14px;
  color: var(--on-accent);
  background: var(--accent);
  font: 600 12px/28px var(--sans);
  box-shadow: 0 2px 10px rgb(0 25 35 / 0.3);
  cursor: pointer;
}
.waiting-pill:focus-visible { outline-offset: 2px; }
.events .row { cursor: pointer; }
.event-line {
  display: grid;
  grid-template-columns: 92px 58px minmax(120px, 2fr) 40px minmax(0, 4fr) minmax(0, 1fr) 96px;
  align-items: baseline;
  gap: 10px;
  min-height: 28px;
  padding: 4px 12px;
  font-size: 12px;
  line-height: 20px;
}
.event-line > * { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.event-line time { color: var(--soft); font-family: var(--mono); }
.event-line .name { font-family: var(--mono); font-weight: 500; }
.event-line .of { font-weight: 400; }
.event-line .seq { text-align: end; }
.event-line[data-in-batch="true"] :is(time, .why) { visibility: hidden; }
.event-line[data-in-batch="true"] { box-shadow: inset 2px 0 0 var(--strong-line); }
.batch-line .name { font-family: var(--sans); font-weight: 600; }
.batch-line .preview { grid-column: span 2; font-family: var(--sans); }
.event-line .twist { width: auto; overflow: visible; }

@container devtools (max-width: 720px) {
  .events .toolbar { flex-wrap: wrap; }
  .events .toolbar select { flex: 1 1 90px; }
  .events .toolbar input { flex: 1 1 70%; max-width: none; }
  .event-line { grid-template-columns: 58px minmax(0, 1fr) auto; gap: 2px 8px; padding-block: 5px; }
  .event-line time { grid-area: 2 / 3; font-size: 11px; }
  .event-line .type, .event-line .twist { grid-area: 1 / 1; }
  .event-line .name { grid-area: 1 / 2; }
  .batch-line { grid-template-columns: 18px minmax(0, 1fr) auto; }
  .event-line .version, .batch-line .seq { grid-area: 1 / 3; text-align: end; }
  .event-line .preview { grid-area: 2 / 1 / 3 / 3; }
  .event-line .why, .event-line:not(.batch-line) .seq { display: none; }
}
`
