// The first script of every proxied document. It takes its configuration from its own element, installs everything before any script of
// the page runs, and asks for the companion.
import type { PageConfig } from '../../shared/protocol/visitor';
import { install } from './install';
import { leaveLine } from './line';
import { attempt } from './wrap';

const element = document.currentScript as HTMLScriptElement | null;
const text = element?.dataset['config'];
if (element && text) {
  const script = element.src;
  const config = JSON.parse(text) as PageConfig;
  const companion = behind(element, config.companion);
  companion.addEventListener('load', () => { companion.remove(); });
  const key = element.dataset['key'];
  if (key) attempt(() => { leaveLine(window, key, companion); });
  element.remove();
  install(window, config, script);
}

/**
 * The companion's element right behind the shim's: as the parser's own where it can be, so that no script of the page runs before the companion has
 * taken what it works with; else loaded beside (documents that are XML, or that refuse text as markup).
 */
function behind(shim: HTMLScriptElement, src: string): HTMLScriptElement {
  if (location.protocol.startsWith('http')) attempt(() => { document.write(`<script src="${src}"></${'script'}>`); });
  const written = shim.nextElementSibling;
  if (written instanceof HTMLScriptElement && written.getAttribute('src') === src) return written;
  const beside = document.createElement('script');
  beside.src = src;
  beside.async = true;
  if (location.protocol.startsWith('http')) shim.after(beside);
  return beside;
}
