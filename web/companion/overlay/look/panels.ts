// Panels, questions, chat.

export const PANELS = `
.panel, .card {
  position: fixed; left: 0; top: 0; transform-origin: 0 0; display: flex; flex-direction: column; pointer-events: auto; overflow: hidden;
  border: 1px solid var(--rule); border-radius: 1em; background: var(--paper); color: var(--text); box-shadow: var(--shadow); font-size: .9375em; line-height: 1.4;
  --ring: var(--paper); outline: none;
}
.panel header { display: flex; align-items: center; gap: .5em; padding: .5em .5em .5em 1em; border-bottom: 1px solid var(--rule); flex: none; }
.panel h2 { flex: 1; font-weight: 700; font-size: 1.05em; }
.panel h3 { margin-top: .4em; font-weight: 700; }
.panel .close { color: var(--muted); }
.panel .close:hover { background: var(--sunken); }
.body { display: flex; flex-direction: column; gap: .75em; min-height: 0; padding: .9em 1em 1em; overflow: auto; overscroll-behavior: contain; }
.quiet { color: var(--muted); font-size: .9em; }
.people { display: flex; flex-direction: column; gap: .6em; }
.people li { display: flex; align-items: center; gap: .7em; }
.person { display: flex; flex-direction: column; min-width: 0; overflow-wrap: anywhere; }
.person span { color: var(--muted); font-size: .88em; }
.buttons { display: flex; flex-wrap: wrap; gap: .5em; }
.wide { padding-inline: 1.1em; border: 1px solid var(--rule); }
.wide:hover { background: var(--sunken); }
.wide.help[data-way=up] { border-color: transparent; background: var(--accent); color: var(--accent-ink); }
.wide.help[data-way=up]:hover { background: var(--accent-over); }
.keys { display: grid; grid-template-columns: max-content 1fr; gap: .4em .8em; font-size: .88em; }
.keys dt { padding: 0 .45em; border: 1px solid var(--rule); border-radius: .4em; background: var(--sunken); font-weight: 600; align-self: start; }
.keys dd { color: var(--muted); }
.card { width: min(23em, calc(100vw - 24px)); padding: 1em 1.1em 1.05em; border-top: 4px solid var(--who, var(--accent)); gap: .5em; }
.card:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
.card h2 { font-weight: 700; font-size: 1.08em; overflow-wrap: anywhere; }
.card p { color: var(--muted); }
.answers { display: flex; justify-content: flex-end; gap: .5em; margin-top: .4em; }
.allow, .post { padding-inline: 1.3em; background: var(--accent); color: var(--accent-ink); }
.allow:hover, .post:hover { background: var(--accent-over); }
.refuse { padding-inline: 1.1em; border: 1px solid var(--rule); }
.refuse:hover { background: var(--sunken); }
.time { position: absolute; left: 0; right: 0; bottom: 0; height: 4px; background: var(--who, var(--accent)); opacity: .55; transform-origin: 0 50%; animation: time 30s linear both; }
@keyframes time { to { transform: scaleX(0); } }
.chat .body { flex: 1; gap: .4em; padding: 0; overflow: hidden; }
.log { flex: 1; display: flex; flex-direction: column; gap: .7em; min-height: 0; padding: .9em 1em .4em; overflow: auto; overscroll-behavior: contain; }
.log:focus-visible { outline-offset: -3px; }
.log::before { content: ''; margin-top: auto; }
.empty { color: var(--muted); text-align: center; padding: .5em; }
.row { display: flex; flex-direction: column; align-items: flex-start; max-width: 88%; align-self: flex-start; }
.row.mine { align-self: flex-end; align-items: flex-end; }
.head { display: flex; gap: .5em; padding-inline: .2em; font-size: .8em; color: var(--muted); }
.head .name { font-weight: 700; color: color-mix(in srgb, var(--who) 78%, var(--text)); }
.text { padding: .45em .8em; border-radius: .3em .9em .9em .9em; background: var(--sunken); overflow-wrap: anywhere; white-space: pre-wrap; user-select: text; -webkit-user-select: text; }
.mine .text { border-radius: .9em .3em .9em .9em; background: var(--accent); color: var(--accent-ink); }
.text a { color: inherit; font-weight: 600; text-decoration: underline; }
.work { min-height: 2.2em; padding-inline: .7em; color: var(--accent); font-size: .85em; }
.work:hover { background: var(--sunken); }
.writing { flex: none; min-height: 1.4em; padding-inline: 1.2em; color: var(--muted); font-size: .85em; }
.write { flex: none; border-top: 1px solid var(--rule); padding: .6em; }
.composer { display: flex; align-items: flex-end; gap: .5em; }
textarea {
  all: unset; box-sizing: border-box; flex: 1; min-width: 0; min-height: 2.4em; max-height: 120px; padding: .5em .8em; border: 1px solid var(--muted); border-radius: 1.2em;
  background: var(--paper); color: var(--text); font: inherit; line-height: 1.4; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; cursor: text; resize: none;
}
textarea::placeholder { color: var(--muted); opacity: 1; }
textarea:focus { border-color: var(--accent); box-shadow: 0 0 0 2px var(--accent); }
.layer[data-phone=true] :is(.panel, .card) button:not(.work) { min-width: 44px; min-height: 44px; border-radius: 22px; }
.layer[data-phone=true] textarea { min-height: 44px; border-radius: 22px; font-size: 16px; }
.layer[data-phone=true] .work { min-height: 44px; }
.layer[data-phone=true] .details .keys, .layer[data-phone=true] .details h3 { display: none; }
@media (pointer: coarse) { textarea { font-size: 16px; } }
`;
