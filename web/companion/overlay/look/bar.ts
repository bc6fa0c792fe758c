// The bar.

export const BAR = `
.bar {
  position: fixed; left: 0; top: 0; display: flex; align-items: center; width: max-content; max-width: calc(100vw - 24px); min-height: 3em;
  padding: .3em .35em .3em .2em; border: 1px solid var(--line); border-radius: 1.6em; background: var(--back); color: var(--ink);
  box-shadow: var(--shadow); pointer-events: auto; transform-origin: 0 0;
  font-size: .9375em; cursor: default; user-select: none; -webkit-user-select: none; touch-action: manipulation;
}
.bar[data-dragging] { cursor: grabbing; }
.bar button:hover { background: rgb(255 255 255 / 14%); }
.bar button:focus-visible { outline-color: var(--ink); outline-offset: 1px; }
.grip { min-width: 1.7em; cursor: grab; touch-action: none; opacity: .85; }
.grip:focus-visible { opacity: 1; }
.usual, .ask, .tool { display: flex; align-items: center; gap: .45em; min-width: 0; }
.bar:not([data-mode=usual]) .usual, .bar:not([data-mode=ask]) .ask, .bar:not([data-mode=tool]) .tool { display: none; }
.dot { flex: none; width: .65em; height: .65em; border-radius: 50%; background: var(--live); }
.layer[data-connection='connecting'] .dot { background: var(--wait); animation: beat .9s ease-in-out infinite; }
@keyframes beat { 50% { box-shadow: 0 0 0 .28em rgb(255 255 255 / 22%); } }
.faces { display: flex; flex: none; padding-inline-start: .15em; }
.face {
  display: inline-flex; align-items: center; justify-content: center; flex: none; width: 1.9em; height: 1.9em; border-radius: 50%;
  background: var(--who, #51615f); color: #fff; font-weight: 700; font-size: .92em; box-shadow: 0 0 0 2px var(--ring, var(--back));
}
.faces .face + .face { margin-inline-start: -.45em; }
.face.rest { background: #51615f; font-size: .8em; width: 2.15em; height: 2.15em; }
.who { display: flex; flex-direction: column; min-width: 0; padding-inline: .15em .35em; touch-action: none; overflow-wrap: anywhere; }
.sentence { font-weight: 600; }
.note { font-size: .85em; opacity: .9; }
.note:empty { display: none; }
.bar .help { padding-inline: 1em; border: 1px solid var(--line); }
.bar .help[data-way=up] { background: rgb(255 255 255 / 12%); }
.bar .help[data-way=up]:hover { background: rgb(255 255 255 / 24%); }
.layer[data-mode=shared] .bar .help[data-way=down] { border-color: var(--wait); color: var(--wait); }
.badge {
  position: absolute; top: 0; right: -.15em; min-width: 1.45em; height: 1.45em; padding-inline: .35em; border-radius: .75em; background: #ffc766; color: #2a1a00;
  font-size: .75em; font-weight: 700; line-height: 1.45em; text-align: center;
}
.bar .end, .bar .yes { padding-inline: 1.1em; background: var(--end); color: #fff; }
.bar .end:hover, .bar .yes:hover { background: var(--end-over); }
.bar .no { padding-inline: .9em; border: 1px solid var(--line); }
.ask, .tool { padding-inline-start: .6em; }
.question { font-weight: 600; margin-inline-end: .3em; }
.bar[data-small] :is(.who, .help, .point, .more) { display: none; }
.layer[data-phone=true] .bar { width: calc(100vw - 24px); padding: .25em .3em .25em .75em; font-size: .875em; border-radius: 1.5em; }
.layer[data-phone=true] .bar :is(.grip, .help, .point, .fold) { display: none; }
.layer[data-phone=true] .bar button { min-width: 44px; min-height: 44px; border-radius: 22px; }
.layer[data-phone=true] .usual { flex: 1; gap: .35em; flex-wrap: wrap; }
.layer[data-phone=true][data-mode=shared] .bar:not([data-small]) .help { display: inline-flex; order: 1; flex: 1 0 100%; }
.layer[data-phone=true] .who { flex: 1 1 0; line-height: 1.2; }
.layer[data-phone=true] .note { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
.layer[data-phone=true] .note:empty { display: none; }
.layer[data-phone=true] :is(.ask, .tool) { flex: 1; flex-wrap: wrap; justify-content: flex-end; padding: 0; }
.layer[data-phone=true] .question { flex: 1; }
`;
