// A page as somebody has it who uses no mouse and sees no screen: what has the keyboard, what a screen reader finds, what it is told.
// By the browser's accessibility tree, which reaches into closed shadow roots.
import { until } from './journey.mjs';

/** The accessibility tree of a page's own process: role, name, states, and the texts below each node. */
export async function tree(page) {
  const cdp = await page.context().newCDPSession(page);
  try {
    const { nodes } = await cdp.send('Accessibility.getFullAXTree');
    const byId = new Map(nodes.map((node) => [node.nodeId, node]));
    const text = (node) => (node.role?.value === 'StaticText' ? node.name?.value ?? '' : (node.childIds ?? []).map((id) => byId.get(id)).filter(Boolean).map(text).join(' '));
    return nodes.filter((node) => !node.ignored).map((node) => ({
      role: node.role?.value ?? '',
      name: node.name?.value ?? '',
      text: text(node).replace(/\s+/g, ' ').trim(),
      focused: node.properties?.some(({ name, value }) => name === 'focused' && value.value === true) ?? false,
    }));
  } finally {
    await cdp.detach();
  }
}

/** What has the keyboard. */
export async function focused(page) {
  const found = (await tree(page)).filter((node) => node.focused && node.role !== 'RootWebArea');
  return found.at(-1) ?? { role: '', name: '', text: '' };
}

const fits = (value, wanted) => (wanted instanceof RegExp ? wanted.test(value) : value === wanted);

/** Presses Tab (or another key) until this has the keyboard; fails when it never does. */
export async function tabTo(page, name, { key = 'Tab', most = 90 } = {}) {
  const met = [];
  for (let i = 0; i <= most; i++) {
    const now = await focused(page);
    if (fits(now.name, name)) return now;
    met.push(`${now.role} ${now.name}`);
    await page.keyboard.press(key);
  }
  throw new Error(`${key} never leads to ${name}; it led to:\n${met.join('\n')}`);
}

/** Waits until something with this role and this name has the keyboard by itself. */
export async function hasFocus(page, name) {
  return until(`${name} has the keyboard`, async () => {
    const now = await focused(page);
    if (!fits(now.name, name)) throw new Error(`${now.role} ${now.name} has it`);
    return now;
  });
}

/** Waits until a screen reader finds this. */
export async function finds(page, role, name) {
  return until(`a ${role} ${name} is found`, async () => (await tree(page)).find((node) => node.role === role && fits(node.name || node.text, name)));
}

/** Waits until a live region says this. */
export async function told(page, words) {
  return until(`${words} is said`, async () => (await tree(page)).find((node) => /^(status|alert|log)$/.test(node.role) && words.test(node.text)));
}
