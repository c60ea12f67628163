/** The button, the docked or inline panel, its header and its tabs. */
export const frame: string = `
.launcher {
  position: fixed;
  bottom: 16px;
  z-index: 2147483647;
  display: grid;
  place-items: center;
  width: 44px;
  height: 44px;
  padding: 0;
  border: 1px solid var(--line);
  border-radius: 50%;
  color: var(--accent);
  background: var(--ground);
  box-shadow: 0 2px 6px rgb(0 25 35 / 0.12), 0 8px 24px rgb(0 25 35 / 0.16);
  cursor: pointer;
}
.launcher:hover { background: var(--hover); border-color: var(--strong-line); }
.launcher:focus-visible { outline-offset: 2px; }
.launcher .icon { width: 22px; height: 22px; }
.launcher .dot { position: absolute; right: 1px; bottom: 1px; width: 12px; height: 12px; border: 2px solid var(--ground); }
.launcher .badge {
  position: absolute;
  top: -4px;
  right: -4px;
  min-width: 18px;
  padding: 0 5px;
  border-radius: 9px;
  font: 600 11px/18px var(--sans);
  color: var(--ground);
  background: var(--amber);
}
.launcher .badge::before { content: attr(data-count); }
.bottom-right { right: max(16px, env(safe-area-inset-right)); }
.bottom-left { left: max(16px, env(safe-area-inset-left)); }

.docked, .inline {
  display: flex;
  flex-direction: column;
  container: devtools / inline-size;
  background: var(--ground);
}
.docked {
  position: fixed;
  inset: auto 0 0;
  z-index: 2147483647;
  max-height: calc(100dvh - 24px);
  border-top: 1px solid var(--line);
  box-shadow: 0 -2px 8px rgb(0 25 35 / 0.05), 0 -12px 32px rgb(0 25 35 / 0.09);
}
.inline {
  position: relative;
  height: 100%;
  min-height: 240px;
  overflow: hidden;
  border: 1px solid var(--line);
  border-radius: 8px;
}
.broken {
  position: fixed;
  inset: auto 16px 16px auto;
  z-index: 2147483647;
  max-width: min(420px, calc(100vw - 32px));
  border: 1px solid var(--red);
  border-radius: 8px;
  overflow: hidden;
  background: var(--ground);
}
.resize {
  position: absolute;
  inset: -5px 0 auto;
  z-index: 2;
  height: 9px;
  cursor: ns-resize;
  touch-action: none;
}
.resize:hover::after, .resize:focus-visible::after, .resize:active::after {
  content: "";
  position: absolute;
  inset: 3px 0 auto;
  height: 3px;
  background: var(--accent);
}
.resize:focus-visible { outline: none; }

.header {
  flex: none;
  display: flex;
  align-items: center;
  gap: 0 16px;
  min-height: 40px;
  padding-inline: 12px 6px;
  border-bottom: 1px solid var(--line);
  background: var(--raised);
}
.brand { display: flex; align-items: center; gap: 7px; color: var(--accent); font-weight: 650; }
.tabs { display: flex; align-self: stretch; }
.tab {
  position: relative;
  padding: 0 12px;
  border: 0;
  color: var(--soft);
  background: none;
  font: 500 13px/1 var(--sans);
  cursor: pointer;
}
.tab:hover { color: var(--text); }
.tab[aria-selected="true"] { color: var(--text); }
.tab[aria-selected="true"]::after {
  content: "";
  position: absolute;
  inset: auto 8px -1px;
  height: 2px;
  border-radius: 2px 2px 0 0;
  background: var(--accent);
}
.status {
  display: flex;
  flex: 1;
  min-width: 0;
  justify-content: flex-end;
  gap: 14px;
  overflow: hidden;
  font-size: 12px;
  white-space: nowrap;
}
.fact { display: flex; align-items: baseline; gap: 5px; }
.fact dt { color: var(--soft); }
.fact dd { display: flex; align-items: center; gap: 6px; font-weight: 500; font-variant-numeric: tabular-nums; }
.fact[data-fact="connection"] dt { display: none; }
.fact[data-marked="true"] dd { padding: 0 6px; border-radius: 9px; color: var(--amber); background: var(--amber-ground); }
.tab-panel { flex: 1; min-height: 0; display: flex; flex-direction: column; }

@container devtools (max-width: 860px) {
  .header { flex-wrap: wrap; padding-top: 2px; }
  .brand { order: 1; min-height: 36px; }
  .tabs { order: 2; min-height: 36px; }
  .close { order: 3; margin-inline-start: auto; }
  .status { order: 4; flex: 1 0 100%; flex-wrap: wrap; justify-content: flex-start; gap: 2px 14px; padding-block: 7px 8px; }
}
@container devtools (max-width: 420px) {
  .brand span { display: none; }
  .tab { padding: 0 10px; }
  .header { gap: 0 8px; }
}
`
