// Where notes are drawn, and where they should be: at the visitor's, read from the overlay's closed shadow root by the browser's debugger, and at the
// agent's, in pixels of each one's window. A note is compared by points: the tip of a label, the corners of a box, the ends of a line.

/** Runs in either page: the points of each note that is drawn. `parts`: how that side calls them. */
function pointsOf(root, parts) {
  const at = (path, { x, y }) => {
    const { a, b, c, d, e, f } = path.getScreenCTM();
    return [a * x + c * y + e, b * x + d * y + f];
  };
  const corners = (boxes) => {
    const [left, top] = [Math.min(...boxes.map((box) => box.left)), Math.min(...boxes.map((box) => box.top))];
    return [[left, top], [Math.max(...boxes.map((box) => box.right)), Math.max(...boxes.map((box) => box.bottom))]];
  };
  const mark = (path) => {
    if (path.getAttribute('d').trim().toLowerCase().endsWith('z')) {
      const { x, y, width, height } = path.getBBox();
      return [at(path, { x, y }), at(path, { x: x + width, y: y + height })];
    }
    const pieces = path.getAttribute('d').split(/(?=M)/);
    // Of an arrow, the shaft alone.
    if (pieces.length > 1) {
      const [ax, ay, bx, by] = pieces[0].match(/-?[\d.]+/g).map(Number);
      return [at(path, { x: ax, y: ay }), at(path, { x: bx, y: by })];
    }
    return [at(path, path.getPointAtLength(0)), at(path, path.getPointAtLength(path.getTotalLength()))];
  };
  const drawn = {};
  for (const element of root.querySelectorAll('[data-note]')) {
    if (element.getClientRects().length === 0) continue;
    const id = element.dataset.note;
    if (element.matches(parts.label)) {
      const { left, top } = element.getBoundingClientRect();
      drawn[id] = [[left, top]];
    } else if (element.matches(parts.mark)) drawn[id] = mark(element.querySelector(parts.path));
    else if (element.matches(parts.light)) {
      const inner = [...element.querySelectorAll(parts.line)];
      drawn[id] = corners((inner.length ? inner : [element]).map((each) => each.getBoundingClientRect()));
    }
  }
  return drawn;
}

/** Runs in either page: the points that the page's own layout gives for a note. */
function wanted(document, notes) {
  const points = (selector, shape) => {
    const element = document.querySelector(selector);
    if (!element) return null;
    const box = element.getBoundingClientRect();
    const at = ([x, y]) => [box.left + x * box.width, box.top + y * box.height];
    if (shape.s === 'label') return [at(shape.at)];
    if (shape.s === 'element') return [at([0, 0]), at([1, 1])];
    if (shape.s === 'freehand') return [at(shape.points[0]), at(shape.points.at(-1))];
    if (shape.s !== 'text') return [at(shape.from), at(shape.to)];
    const text = [...element.childNodes].find((node) => node.nodeType === 3 && node.data.trim());
    const range = document.createRange();
    range.setStart(text, shape.range.startOffset);
    range.setEnd(text, shape.range.endOffset);
    const boxes = [...range.getClientRects()].filter(({ width, height }) => width > 0 && height > 0);
    const edge = (name, pick) => pick(...boxes.map((each) => each[name]));
    return [[edge('left', Math.min), edge('top', Math.min)], [edge('right', Math.max), edge('bottom', Math.max)]];
  };
  return Object.fromEntries(notes.map(({ id, selector, shape }) => [id, points(selector, shape)]));
}

const VISITOR = { label: '[data-part=anchor]', mark: '[data-part=mark]', path: 'path.over', light: '[data-part=box]', line: '[data-part=line]' };
const AGENT = { label: '.label', mark: 'g', path: 'path.ink', light: '.light', line: 'span' };

async function overlayRoot(cdp) {
  const find = (node) => {
    if (node.localName === 'alongside-overlay') return node.shadowRoots?.[0];
    for (const child of node.children ?? []) {
      const found = find(child);
      if (found) return found;
    }
    return undefined;
  };
  const { root } = await cdp.send('DOM.getDocument', { depth: 3, pierce: true });
  const { object } = await cdp.send('DOM.resolveNode', { backendNodeId: find(root).backendNodeId });
  return object.objectId;
}

/** The largest deviation of each note in pixels, at the visitor's: `{ id: px }`; a note that is not drawn is missing. */
export async function atVisitor(page, notes) {
  const cdp = await page.context().newCDPSession(page);
  try {
    const objectId = await overlayRoot(cdp);
    const { result } = await cdp.send('Runtime.callFunctionOn', {
      objectId, functionDeclaration: `function (parts) { return (${pointsOf})(this, parts); }`, arguments: [{ value: VISITOR }], returnByValue: true,
    });
    return deviations(result.value, await page.evaluate(`(${wanted})(document, ${JSON.stringify(notes)})`));
  } finally {
    await cdp.detach();
  }
}

/** The same at the agent's. */
export async function atAgent(agent, notes) {
  const viewer = await agent.viewer();
  const code = `(${pointsOf})(document, ${JSON.stringify(AGENT)})`;
  const { drawn, frame } = await viewer.evaluate(`(() => {
    const shown = [...document.querySelectorAll('iframe')].find((e) => e.getClientRects().length > 0);
    const { left, top, width } = shown.getBoundingClientRect();
    return { drawn: ${code}, frame: { left, top, scale: width / shown.offsetWidth } };
  })()`);
  const inside = await agent.look(wanted, notes);
  const outside = ([x, y]) => [frame.left + x * frame.scale, frame.top + y * frame.scale];
  return deviations(drawn, Object.fromEntries(Object.entries(inside).map(([id, points]) => [id, points && points.map(outside)])));
}

function deviations(drawn, wanted) {
  const found = {};
  for (const [id, points] of Object.entries(wanted)) {
    if (!points || !drawn[id]) continue;
    found[id] = Math.max(...points.flatMap(([x, y], i) => [Math.abs(x - drawn[id][i][0]), Math.abs(y - drawn[id][i][1])]));
  }
  return found;
}
