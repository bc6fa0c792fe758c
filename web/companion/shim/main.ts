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
  const companion = document.createElement('script');
  companion.src = config.companion;
  companion.async = true;
  companion.addEventListener('load', () => { companion.remove(); });
  const key = element.dataset['key'];
  if (key) attempt(() => { leaveLine(window, key, companion); });
  if (location.protocol.startsWith('http')) element.after(companion);
  element.remove();
  install(window, config, script);
}
