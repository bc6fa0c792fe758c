import { expect, test } from 'vitest';
import type { PageEvent } from '../shared/protocol/page';
import { isWithin } from './frames';

const FRAME = 2 ** 32;
const host = 17;
const own = FRAME * 3;

const document: PageEvent = { t: 'add', nodes: [{ id: own + 1, parent: host, node: { k: 'document' } }, { id: own + 2, parent: own + 1, node: { k: 'element', name: 'html' } }] };

test.each<[string, PageEvent, boolean]>([
  ['its document below its element', document, true],
  ['its own nodes', { t: 'text', node: own + 5, text: 'x' }, true],
  ['no focus', { t: 'focus', node: null }, true],
  ['its document below another element', { t: 'add', nodes: [{ id: own + 1, parent: 18, node: { k: 'document' } }] }, false],
  ['an element beside its document', { t: 'add', nodes: [{ id: own + 1, parent: host, node: { k: 'element', name: 'b' } }] }, false],
  ['a node without a parent', { t: 'add', nodes: [{ id: own + 1, node: { k: 'element', name: 'b' } }] }, false],
  ['a node of the page around', { t: 'text', node: 5, text: 'x' }, false],
  ['moving into the page around', { t: 'move', node: own + 2, parent: 5 }, false],
  ['a node of another frame', { t: 'remove', node: FRAME * 4 + 1 }, false],
  ['a sheet of the page around', { t: 'sheet', sheet: 5, rules: null }, false],
  ['what is selected in it', { t: 'selection', range: { start: own + 5, startOffset: 0, end: own + 6, endOffset: 1 } }, true],
  ['what is selected around it', { t: 'selection', range: { start: own + 5, startOffset: 0, end: 6, endOffset: 1 } }, false],
  ['a snapshot', { t: 'snapshot', url: '', viewport: { width: 1, height: 1, density: 1, zoom: 1, offset: [0, 0] }, nodes: [], sheets: [] }, false],
  ['the address', { t: 'url', url: 'x' }, false],
])('a frame tells of %s: %#', (_, event, allowed) => expect(isWithin(event, 3, host)).toBe(allowed));
