// Colours, the layer, buttons; and what outdoes all others.

export const BASE = `
:host {
  --ink: #fff; --back: #0a4646; --edge: #0b6e6e; --line: rgb(255 255 255 / 28%); --end: #c62f26; --end-over: #a3231b;
  --live: #5fe0b0; --wait: #ffc766; --wait-edge: #c27400;
  --paper: #fff; --text: #13201f; --muted: #51615f; --rule: #d5dfdd; --sunken: #eef3f2; --accent: #0b6e6e; --accent-over: #085858; --accent-ink: #fff;
  --shadow: 0 1px 3px rgb(0 0 0 / 22%), 0 8px 28px rgb(0 0 0 / 22%);
}
@media (prefers-color-scheme: dark) {
  :host {
    --ink: #e7efee; --back: #14211f; --edge: #4fd1c5; --line: rgb(79 209 197 / 45%); --wait-edge: #ffc766;
    --paper: #172120; --text: #e7efee; --muted: #a3b5b2; --rule: #34443f; --sunken: #0f1716; --accent: #4fd1c5; --accent-over: #7be0d6; --accent-ink: #04211f;
  }
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
.layer[data-hosted] :is(.frame, .bar, .panels, .room) { display: none; }
.room {
  position: fixed; visibility: hidden; pointer-events: none;
  inset: calc(12px + env(safe-area-inset-top, 0px)) calc(12px + env(safe-area-inset-right, 0px)) calc(12px + env(safe-area-inset-bottom, 0px)) calc(12px + env(safe-area-inset-left, 0px));
}
button {
  all: unset; box-sizing: border-box; display: inline-flex; align-items: center; justify-content: center; flex: none; position: relative;
  min-width: 2.4em; min-height: 2.4em; border-radius: 1.2em; color: inherit; font: inherit; font-weight: 600; cursor: pointer;
  transition: background-color 120ms; -webkit-tap-highlight-color: transparent; touch-action: manipulation;
}
button:focus-visible, a:focus-visible, .bubble:focus-visible, .log:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
button[disabled] { opacity: .7; cursor: default; }
h2, h3, p, ul, dl, dd { margin: 0; padding: 0; font-weight: 400; font-size: 1em; }
ul { list-style: none; }
svg { width: 1.2em; height: 1.2em; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
`;

export const LAST = `
[hidden] { display: none !important; }
.said { position: fixed; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (prefers-reduced-motion: reduce) { *, *::before { animation-duration: 1ms !important; animation-iteration-count: 1 !important; transition: none !important; } .time { animation-duration: 30s !important; } }
@media (forced-colors: active) { .frame { border-color: Highlight; } .bar, .panel, .card, .bubble, button { border: 1px solid ButtonText; } }
@media print { .layer { display: none; } }
`;
