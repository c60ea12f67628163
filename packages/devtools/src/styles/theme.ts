/** Colours, letters and measures; pixels throughout, because a page may set any root font size. */
export const theme: string = `
:host {
  all: initial !important;
  display: contents !important;
}
.devtools {
  color-scheme: light dark;
  --ground: light-dark(#ffffff, #0e1619);
  --raised: light-dark(#f4f8f9, #142025);
  --hover: light-dark(#eef4f6, #1a282e);
  --line: light-dark(#dde6ea, #23343b);
  --strong-line: light-dark(#b9c8cf, #3a4f58);
  --text: light-dark(#13242b, #dde8ec);
  --soft: light-dark(#566b74, #8da3ad);
  --accent: light-dark(#0a6b7d, #52c7d6);
  --accent-ground: light-dark(#dff1f4, #12353d);
  --on-accent: light-dark(#ffffff, #06262c);
  --green: light-dark(#14713f, #67d69b);
  --green-ground: light-dark(#e2f5e9, #11301f);
  --amber: light-dark(#8a5300, #e9b565);
  --amber-ground: light-dark(#fdf0d5, #33260e);
  --red: light-dark(#b1202f, #ff8f98);
  --red-ground: light-dark(#fde8ea, #3b171c);
  --violet: light-dark(#6d3bbd, #c6a5ff);
  --blue: light-dark(#0d5c91, #82c4ef);
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", "JetBrains Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  font: 13px/1.45 var(--sans);
  color: var(--text);
  text-align: start;
  -webkit-font-smoothing: antialiased;
}
.devtools[data-theme="light"] { color-scheme: light; }
.devtools[data-theme="dark"] { color-scheme: dark; }
.devtools, .devtools *, .devtools *::before, .devtools *::after { box-sizing: border-box; }
:where(h2, p, ul, dl, dd, pre) { margin: 0; padding: 0; font: inherit; }
:where(ul) { list-style: none; }
.devtools :focus { outline: none; }
.devtools :focus-visible { outline: 2px solid var(--accent); outline-offset: -2px; }
.soft, .count, .of { color: var(--soft); }
.count, .version, .seq { font-variant-numeric: tabular-nums; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.icon { flex: none; display: block; }
.icon path { stroke-width: 1.4; stroke-linecap: round; stroke-linejoin: round; }
.dot { flex: none; width: 8px; height: 8px; border-radius: 50%; background: var(--green); }
.dot[data-tone="waiting"] { background: var(--amber); }
.dot[data-tone="bad"] { background: var(--red); }
.type {
  padding: 0 6px;
  border-radius: 4px;
  font: 600 11px/18px var(--sans);
  text-align: center;
}
.type[data-type="create"] { color: var(--green); background: var(--green-ground); }
.type[data-type="update"] { color: var(--amber); background: var(--amber-ground); }
.type[data-type="delete"] { color: var(--red); background: var(--red-ground); }
.pending {
  flex: none;
  padding: 0 6px;
  border-radius: 9px;
  font: 600 11px/18px var(--sans);
  color: var(--amber);
  background: var(--amber-ground);
}
@media (forced-colors: active) {
  .devtools.docked, .launcher { border: 1px solid CanvasText; }
  .row[aria-selected="true"] { outline: 2px solid Highlight; outline-offset: -2px; }
}
`
