// How the overlay looks. Lengths are in em of the browser's own font size, never of the page's.

/** Style attribute of the host: nothing of the page's style reaches what is inside, and the host itself takes no room. */
export const HOST_STYLE =
  'all: initial !important; display: block !important; position: fixed !important; inset: 0 auto auto 0 !important; ' +
  'width: 0 !important; height: 0 !important; z-index: 2147483647 !important; pointer-events: none !important; direction: ltr !important;';

/** The shadow root's style sheet. */
export const SHEET = `
:host { --ink: #fff; --back: #0a4646; --edge: #0b6e6e; --line: rgb(255 255 255 / 28%); --end: #c62f26; --end-over: #a3231b; --live: #5fe0b0; --wait: #ffc766; --wait-edge: #c27400; }
@media (prefers-color-scheme: dark) {
  :host { --ink: #e7efee; --back: #14211f; --edge: #4fd1c5; --line: rgb(79 209 197 / 45%); --end: #c62f26; --end-over: #a3231b; --wait-edge: #ffc766; }
}
*, *::before, *::after { box-sizing: border-box; }
.layer {
  all: initial; display: block; position: fixed; inset: 0; width: auto; height: auto; max-width: none; max-height: none; margin: 0; padding: 0; border: 0;
  overflow: visible; background: transparent; color: var(--ink); pointer-events: none;
  font: 400 medium/1.25 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif;
}
.layer::backdrop { display: none; }
.frame { position: fixed; inset: 0; border: 3px solid var(--edge); pointer-events: none; }
.layer[data-connection='connecting'] .frame { border-color: var(--wait-edge); }
.room {
  position: fixed; visibility: hidden; pointer-events: none;
  inset: calc(12px + env(safe-area-inset-top, 0px)) calc(12px + env(safe-area-inset-right, 0px)) calc(12px + env(safe-area-inset-bottom, 0px)) calc(12px + env(safe-area-inset-left, 0px));
}
.bar {
  position: fixed; left: 0; top: 0; display: flex; align-items: center; gap: .5em; width: max-content; max-width: calc(100vw - 24px); min-height: 3em;
  padding: .3em .35em .3em .2em; border: 1px solid var(--line); border-radius: 1.5em; background: var(--back); color: var(--ink);
  box-shadow: 0 2px 6px rgb(0 0 0 / 25%), 0 8px 24px rgb(0 0 0 / 22%); pointer-events: auto; transform-origin: 0 0;
  font-size: .9375em; cursor: default; user-select: none; -webkit-user-select: none; touch-action: manipulation;
}
.bar.dragging { cursor: grabbing; }
button {
  all: unset; box-sizing: border-box; display: inline-flex; align-items: center; justify-content: center; flex: none;
  min-width: 2.4em; min-height: 2.4em; border-radius: 1.2em; color: inherit; font: inherit; font-weight: 600; cursor: pointer;
  transition: background-color 120ms; -webkit-tap-highlight-color: transparent;
}
button:hover { background: rgb(255 255 255 / 14%); }
button:focus-visible { outline: 3px solid var(--ink); outline-offset: 1px; }
button:disabled { opacity: .7; cursor: default; }
svg { width: 1.2em; height: 1.2em; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.grip { min-width: 1.7em; cursor: grab; touch-action: none; opacity: .85; }
.grip:focus-visible { opacity: 1; }
.dot { flex: none; width: .65em; height: .65em; border-radius: 50%; background: var(--live); animation: beat 2s ease-in-out infinite; }
.layer[data-connection='connecting'] .dot { background: var(--wait); animation-duration: .9s; }
@keyframes beat { 50% { box-shadow: 0 0 0 .28em rgb(255 255 255 / 22%); } }
.who { display: flex; flex-direction: column; min-width: 0; padding-inline: .1em .2em; touch-action: none; overflow-wrap: anywhere; }
.sentence { font-weight: 600; }
.note { font-size: .85em; opacity: .85; }
.note:empty { display: none; }
.end, .yes { padding-inline: 1.1em; background: var(--end); color: #fff; }
.end:hover, .yes:hover { background: var(--end-over); }
.no { padding-inline: .9em; border: 1px solid var(--line); }
.ask { display: flex; align-items: center; gap: .4em; padding-inline-start: .6em; }
.question { font-weight: 600; margin-inline-end: .2em; }
[hidden] { display: none !important; }
.small .who { display: none; }
.said { position: fixed; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (prefers-reduced-motion: reduce) { .dot { animation: none; } button { transition: none; } }
@media (forced-colors: active) { .frame { border-color: Highlight; } .bar, button { border: 1px solid ButtonText; } }
@media print { .layer { display: none; } }
`;
