// A button for sites' own pages: <script src="https://{control}/help.js" data-label="Need help?" defer></script>. It leads to our page
// that gives a code to read out. Nothing else: no request, no storage, no listener on anything but the button.

/** The look of the bar in a session. `!important` here outranks the page's own, whatever it says of our element. */
const SHEET = `
:host { all: initial !important; position: fixed !important; z-index: 2147483646 !important; inset: auto calc(16px + env(safe-area-inset-right, 0px)) calc(16px + env(safe-area-inset-bottom, 0px)) auto !important; }
a { display: flex; align-items: center; gap: .5em; min-height: 44px; max-width: calc(100vw - 32px); box-sizing: border-box; padding: .5em 1.1em; border: 1px solid rgb(255 255 255 / 28%); border-radius: 1.5em;
  background: #0a4646; color: #fff; box-shadow: 0 2px 6px rgb(0 0 0 / 25%), 0 8px 24px rgb(0 0 0 / 22%);
  font: 600 medium/1.25 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif; text-decoration: none; cursor: pointer; }
a:hover { background: #0b5656; }
a:focus-visible { outline: 3px solid #0b6e6e; outline-offset: 3px; box-shadow: 0 0 0 3px #fff; }
i { flex: none; width: .65em; height: .65em; border-radius: 50%; background: #5fe0b0; }
@media (prefers-color-scheme: dark) { a { background: #14211f; color: #e7efee; border-color: rgb(79 209 197 / 45%); } }
@media (forced-colors: active) { a { border-color: ButtonText; } }
@media print { a { display: none; } }`;

function put(from: HTMLScriptElement): void {
  const host = document.createElement('alongside-help');
  const root = host.attachShadow({ mode: 'closed' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(SHEET);
  root.adoptedStyleSheets = [sheet];
  const link = document.createElement('a');
  // The address is the page's when the visitor comes to the button: a page may change it without a load.
  const aim = (): void => {
    link.href = new URL(`/help?url=${encodeURIComponent(location.href)}`, from.src).href;
  };
  for (const type of ['pointerenter', 'pointerdown', 'focus', 'click']) link.addEventListener(type, aim);
  aim();
  link.append(document.createElement('i'), from.dataset.label || 'Need help?');
  root.append(link);
  document.body.append(host);
}

const script = document.currentScript;
if (script instanceof HTMLScriptElement) {
  if (document.body) put(script);
  else document.addEventListener('DOMContentLoaded', () => put(script), { once: true });
}
