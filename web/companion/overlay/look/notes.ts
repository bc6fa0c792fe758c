// What is drawn over the page: highlights, marks, labels, cursors, locks.

export const NOTES = `
.glow, .ring, .picked { position: fixed; left: 0; top: 0; pointer-events: none; }
.glow:not(.lines) { outline: 3px solid var(--who); outline-offset: 2px; border-radius: 3px; background: color-mix(in srgb, var(--who) 10%, transparent); box-shadow: 0 0 0 2px rgb(255 255 255 / 85%), 0 0 0 7px color-mix(in srgb, var(--who) 22%, transparent); }
.line { position: absolute; left: 0; top: 0; border-radius: 2px; background: color-mix(in srgb, var(--who) 24%, transparent); box-shadow: inset 0 -2px 0 var(--who); }
.ring { outline: 3px solid var(--who); outline-offset: 3px; border-radius: 4px; box-shadow: 0 0 0 3px rgb(255 255 255 / 80%); }
.ring.asked { outline-style: dashed; }
.ring.wiggle { animation: wiggle 800ms ease-in-out; }
@keyframes wiggle { 15%, 45%, 75% { transform: translateX(-6px) rotate(-.6deg); } 30%, 60%, 90% { transform: translateX(6px) rotate(.6deg); } }
.marks { position: fixed; left: 0; top: 0; width: 100vw; height: 100vh; overflow: visible; pointer-events: none; fill: none; }
.marks path { stroke-linecap: round; stroke-linejoin: round; }
.under { stroke: #fff; stroke-opacity: .85; stroke-width: 7; }
.over { stroke: var(--who); stroke-width: 4; }
.trail line { stroke: var(--who); }
.press { position: fixed; left: 0; top: 0; width: 0; height: 0; pointer-events: none; }
.press::before {
  content: ''; position: absolute; left: -22px; top: -22px; width: 44px; height: 44px; border-radius: 50%; background: rgb(255 214 10 / 62%);
  border: 3px solid var(--who); animation: press 650ms ease-out both;
}
@keyframes press { from { transform: scale(.25); opacity: 1; } 55% { opacity: 1; } to { transform: scale(1); opacity: 0; } }
.tag, .lock {
  position: fixed; left: 0; top: 0; display: flex; align-items: center; gap: .35em; transform-origin: 0 0; padding: 0 0 0 .6em; border-radius: .55em .55em 0 0;
  background: var(--who); color: #fff; font-size: .78em; font-weight: 600; line-height: 1.7; pointer-events: auto; white-space: nowrap;
}
.tag[data-inside=true] { border-radius: 0 0 0 .55em; }
.tag .close { min-width: 2em; min-height: 2em; border-radius: .5em; }
.tag .close:hover, .bubble .close:hover, .lock .take:hover { background: rgb(255 255 255 / 22%); }
.lock { padding: .15em .25em .15em .7em; border-radius: 1.2em; box-shadow: var(--shadow); font-size: .82em; gap: .5em; }
.lock .take { min-height: 1.9em; padding-inline: .8em; background: rgb(255 255 255 / 16%); }
.veil {
  position: fixed; left: 0; top: 0; display: grid; place-items: center; width: 18px; height: 18px; transform-origin: 0 0; border-radius: 50%; pointer-events: none;
  background: var(--paper); color: var(--muted); box-shadow: 0 0 0 1px var(--rule), 0 1px 2px rgb(0 0 0 / 18%);
}
.veil svg { width: 12px; height: 12px; }
.dots { display: inline-flex; gap: .18em; }
.dots i { width: .32em; height: .32em; border-radius: 50%; background: currentColor; animation: dots 1.1s ease-in-out infinite; }
.dots i:nth-child(2) { animation-delay: .15s; }
.dots i:nth-child(3) { animation-delay: .3s; }
@keyframes dots { 40% { transform: translateY(-.25em); opacity: 1; } 0%, 80% { opacity: .55; } }
.label { position: fixed; left: 0; top: 0; width: 0; height: 0; }
.bubble {
  position: absolute; left: 0; top: 0; display: flex; align-items: flex-start; gap: .2em; width: max-content; max-width: min(19em, calc(100vw - 16px)); padding: .55em .3em .6em .85em;
  transform-origin: 0 0; border-radius: .8em; background: var(--who); color: #fff; font-size: .9375em; line-height: 1.35; pointer-events: auto;
  box-shadow: 0 0 0 2px rgb(255 255 255 / 88%), var(--shadow);
}
.stem { position: absolute; left: -1.5px; top: 0; width: 3px; height: var(--stem); background: var(--who); }
.stem::after { content: ''; position: absolute; left: -3px; top: -4.5px; width: 9px; height: 9px; border-radius: 50%; background: var(--who); box-shadow: 0 0 0 2px #fff; }
.label[data-side=above] .stem { transform: rotate(180deg); transform-origin: 50% 0; }
.label[data-side=left] .stem { transform: rotate(90deg); transform-origin: 50% 0; }
.label[data-side=right] .stem { transform: rotate(-90deg); transform-origin: 50% 0; }
.bubble:focus-visible { outline: 3px solid #fff; outline-offset: -5px; }
.bubble .said-by { display: flex; flex-direction: column; min-width: 0; }
.by { font-size: .8em; font-weight: 700; opacity: .92; }
.words { overflow-wrap: anywhere; white-space: pre-line; font-weight: 500; }
.bubble .close { min-width: 2em; min-height: 2em; margin: -.15em 0 0; font-size: .92em; }
.tip { position: absolute; width: 14px; height: 14px; background: var(--who); transform: rotate(45deg); pointer-events: none; }
.label[data-side=above] .tip { left: calc(var(--tip) - 7px); bottom: -6px; box-shadow: 2px 2px 0 rgb(255 255 255 / 88%); }
.label[data-side=below] .tip { left: calc(var(--tip) - 7px); top: -6px; box-shadow: -2px -2px 0 rgb(255 255 255 / 88%); }
.label[data-side=left] .tip { top: calc(var(--tip) - 7px); right: -6px; box-shadow: 2px -2px 0 rgb(255 255 255 / 88%); }
.label[data-side=right] .tip { top: calc(var(--tip) - 7px); left: -6px; box-shadow: -2px 2px 0 rgb(255 255 255 / 88%); }
.chip {
  position: fixed; left: 0; top: 0; transform-origin: 0 0; padding: 0 1.1em; background: var(--who); color: #fff; font-size: .875em; pointer-events: auto; white-space: nowrap;
  box-shadow: 0 0 0 2px rgb(255 255 255 / 88%), var(--shadow);
}
.layer[data-phone=true] .chip { min-height: 44px; border-radius: 22px; }
.layer[data-phone=true] :is(.lock .take, .tag .close)::after { content: ''; position: absolute; inset: -8px; }
.layer[data-phone=true] .bubble { padding-right: 0; padding-top: .4em; }
.layer[data-phone=true] .bubble .said-by { padding-block: .2em; }
.layer[data-phone=true] .bubble .close { min-width: 44px; min-height: 44px; }
.layer[data-phone=true] :is(.lock .take, .tag .close) { min-width: 28px; min-height: 28px; }
.cursor { position: fixed; left: 0; top: 0; transform-origin: 0 0; pointer-events: none; }
.cursor svg { position: absolute; left: -3px; top: -2.5px; width: 22px; height: 22px; overflow: visible; fill: var(--who); stroke: #fff; stroke-width: 1.6; filter: drop-shadow(0 1px 2px rgb(0 0 0 / 45%)); }
.cursor .name {
  position: absolute; left: 14px; top: 18px; padding: .1em .6em .15em; border-radius: 0 .8em .8em .8em; background: var(--who); color: #fff; font-size: .8em; font-weight: 600;
  line-height: 1.5; white-space: nowrap; box-shadow: 0 0 0 1.5px rgb(255 255 255 / 85%), 0 1px 4px rgb(0 0 0 / 30%);
}
.cursor[data-left] .name { left: auto; right: 2px; border-radius: .8em 0 .8em .8em; }
.cursor[data-up] .name { top: auto; bottom: 4px; }
.cursor[data-laser=true] svg { opacity: 0; }
.cursor[data-laser=true]::before { content: ''; position: absolute; left: -6px; top: -6px; width: 12px; height: 12px; border-radius: 50%; background: var(--who); box-shadow: 0 0 0 2px #fff, 0 0 12px 4px color-mix(in srgb, var(--who) 60%, transparent); }
.catcher { position: fixed; inset: 0; pointer-events: auto; cursor: crosshair; touch-action: none; background: rgb(10 70 70 / 4%); }
.picked { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 3px; background: color-mix(in srgb, var(--accent) 12%, transparent); box-shadow: 0 0 0 2px rgb(255 255 255 / 85%); }
`;
