// What acts do and what they do not: covered and hidden elements, fields of all kinds, frames and shadow roots, what pages may prevent.
import assert from 'node:assert/strict';
import { after, before, test as nodeTest } from 'node:test';
import { start } from './page.mjs';

let browser;
before(async () => (browser = await start()));
after(() => browser?.close());

/** A test with a page of its own. */
function test(name, html, body, options) {
  nodeTest(name, { timeout: 20_000 }, async () => {
    const acts = await browser.open(html, options);
    try {
      await body(acts);
    } finally {
      await acts.close();
    }
  });
}

test('what cannot be reached is not pressed', `
  <style>.box { position: relative; height: 30px } .over { position: absolute; inset: 0; background: #ccc }</style>
  <div class="box"><button id="covered">x</button><div class="over"></div></div>
  <button id="invisible" style="visibility: hidden">x</button><button id="none" style="display: none">x</button>
  <button id="through" style="pointer-events: none">x</button><button id="empty" style="all: unset; display: block; height: 0"></button>
  <button id="disabled" disabled>x</button><fieldset disabled><button id="within"><b id="bold">x</b></button></fieldset>
  <div inert><button id="inert">x</button></div><input type="file" id="file">
  <div style="height: 20px; overflow: hidden"><div style="height: 0; overflow: hidden"><button id="clipped">x</button></div></div>`, async (acts) => {
  await acts.evaluate(() => {
    window.clicked = [];
    document.addEventListener('click', ({ target }) => window.clicked.push(target.id), true);
  });
  for (const id of ['covered', 'invisible', 'none', 'through', 'empty', 'inert', 'clipped']) assert.equal(await acts.click(`#${id}`), 'gone', id);
  for (const id of ['disabled', 'within', 'bold', 'file']) assert.equal(await acts.click(`#${id}`), 'unfit', id);
  assert.deepEqual(await acts.evaluate(() => window.clicked), []);
});

test('the overlay covers nothing', '<button id="button" onclick="window.done = true">x</button><alongside-overlay id="over" style="position: fixed; inset: 0; z-index: 9"></alongside-overlay>', async (acts) => {
  assert.equal(await acts.evaluate(() => document.elementFromPoint(25, 70).id), 'over');
  assert.equal(await acts.click('#button'), 'done');
  assert.equal(await acts.evaluate(() => window.done), true);
  assert.deepEqual(await acts.evaluate(() => window.acts.pressed()), ['1:button']);
});

test('what is scrolled out of sight is scrolled to', `<div id="scroller" style="height: 100px; overflow: auto"><div style="height: 2000px"></div><button id="inner">x</button></div>
  <div style="height: 3000px"></div><button id="far">x</button><div id="tall" style="height: 4000px; background: #eee">tall</div>`, async (acts) => {
  await acts.evaluate(() => document.addEventListener('click', ({ target, clientX, clientY }) => (window.clicked = [target.id, clientX, clientY]), true));
  for (const id of ['inner', 'far']) {
    assert.equal(await acts.click(`#${id}`), 'done');
    assert.equal(await acts.evaluate(() => window.clicked[0]), id);
  }
  assert.equal(await acts.click('#tall', { at: [0.25, 0.9] }), 'done');
  const [id, x, y, box] = await acts.evaluate(() => [...window.clicked, document.querySelector('#tall').getBoundingClientRect().toJSON()]);
  assert.equal(id, 'tall');
  assert.ok(Math.abs(x - (box.left + 0.25 * box.width)) < 1 && Math.abs(y - (box.top + 0.9 * box.height)) < 1);
});

test('a press has what a mouse has', '<button id="button">x</button>', async (acts) => {
  await acts.evaluate(() => {
    window.told = {};
    for (const type of ['pointerdown', 'mousedown', 'mouseup', 'click']) {
      document.addEventListener(type, (e) => (window.told[type] = [e.pointerId ?? null, e.isPrimary ?? null, e.pointerType ?? null, e.button, e.buttons, e.detail, e.composed, e.bubbles, e.view === window, e instanceof PointerEvent]));
    }
    document.addEventListener('pointerdown', (e) => e.target.setPointerCapture(e.pointerId));
  });
  await acts.click('#button');
  assert.deepEqual(await acts.evaluate(() => window.told), {
    pointerdown: [1, true, 'mouse', 0, 1, 0, true, true, true, true],
    mousedown: [null, null, null, 0, 1, 1, true, true, true, false],
    mouseup: [null, null, null, 0, 0, 1, true, true, true, false],
    click: [1, true, 'mouse', 0, 0, 1, true, true, true, true],
  });
});

test('what a page prevents does not happen', '<input id="text"><input type="checkbox" id="box"><input id="upper"><a id="link" href="#x">x</a>', async (acts) => {
  await acts.evaluate(() => {
    const on = (id, type, run) => document.getElementById(id).addEventListener(type, run);
    on('text', 'beforeinput', (e) => e.data === 'b' && e.preventDefault());
    on('text', 'keydown', (e) => e.key === 'c' && e.preventDefault());
    on('box', 'click', (e) => e.preventDefault());
    on('upper', 'input', (e) => (e.target.value = e.target.value.toUpperCase()));
    on('link', 'mousedown', (e) => e.preventDefault());
  });
  await acts.type('#text', 'abcd');
  assert.equal(await acts.value('#text'), 'ad');
  await acts.do({ a: 'check', on: '#box', checked: true });
  assert.equal(await acts.evaluate(() => document.querySelector('#box').checked), false);
  await acts.type('#upper', 'xy');
  assert.equal(await acts.value('#upper'), 'XY');
  await acts.click('#link');
  assert.equal(await acts.evaluate(() => document.activeElement.id), 'upper');
});

test('typing into fields of all kinds', `<input id="text" value="abc" maxlength="5"><textarea id="area" maxlength="6">ab</textarea><input id="email" type="email" value="a@b"><input id="number" type="number" value="5">
  <input id="read" readonly value="x"><input id="off" disabled><input type="checkbox" id="box"><img id="img" width="20" height="20"><input type="date" id="date"><div id="edit" contenteditable><p>one</p></div>`, async (acts) => {
  assert.equal(await acts.type('#text', 'defg'), 'done');
  assert.equal(await acts.value('#text'), 'abcde');
  assert.equal(await acts.type('#text', ['all', '🙂x', { key: 'Home' }, { key: 'Delete' }, 'y']), 'done');
  assert.equal(await acts.value('#text'), 'yx');
  await acts.type('#area', ['\ncdefg', { key: 'ArrowUp' }, { key: 'Home' }, { key: 'Delete' }, 'z']);
  assert.equal(await acts.value('#area'), 'zb\ncde');
  await acts.type('#email', ['c', { key: 'ArrowLeft' }, { key: 'Backspace' }]);
  assert.equal(await acts.value('#email'), 'a@c');
  await acts.type('#number', ['all', '-1.5e', { key: 'Backspace' }]);
  assert.equal(await acts.value('#number'), '-1.5');
  await acts.type('#number', [{ key: 'ArrowUp' }]);
  assert.equal(await acts.value('#number'), '-1');
  await acts.type('#edit', ['X', { key: 'Enter' }, 'Y']);
  assert.equal(await acts.evaluate(() => document.querySelector('#edit').innerText.replace(/\n+/g, '|')), 'oneX|Y');
  await acts.type('#edit', ['all', 'new']);
  assert.equal(await acts.evaluate(() => document.querySelector('#edit').textContent), 'new');
  for (const id of ['read', 'off', 'box', 'img', 'date']) assert.equal(await acts.type(`#${id}`, 'x'), 'unfit', id);
  assert.equal(await acts.do({ a: 'type', node: 999_999, strokes: [] }), 'gone');
});

test('where a press puts the caret', '<input id="text" value="one two three" style="font: 20px monospace; width: 400px">', async (acts) => {
  const at = await acts.evaluate(() => {
    const { width } = document.querySelector('#text').getBoundingClientRect();
    const context = document.createElement('canvas').getContext('2d');
    context.font = '20px monospace';
    return (context.measureText('one tw').width + 4) / width;
  });
  const selected = () => acts.evaluate(() => [document.querySelector('#text').selectionStart, document.querySelector('#text').selectionEnd]);
  await acts.click('#text', { at: [at, 0.5] });
  assert.deepEqual(await selected(), [6, 6]);
  await acts.click('#text', { at: [at, 0.5], count: 2 });
  assert.deepEqual(await selected(), [4, 7]);
  await acts.click('#text', { at: [at, 0.5], count: 3 });
  assert.deepEqual(await selected(), [0, 13]);
});

test('a change is told once, when the field is left or nothing more comes', '<input id="text" value="a"><input id="other">', async (acts) => {
  const changes = async () => (await acts.seen()).filter((line) => line.startsWith('change'));
  await acts.type('#text', 'b');
  assert.deepEqual(await changes(), []);
  await acts.click('#other');
  assert.deepEqual(await changes(), ['change text']);
  await acts.type('#text', ['c', { key: 'Backspace' }]);
  await acts.click('#other');
  assert.deepEqual(await changes(), []);
  // The visitor goes on in the field that the agent typed in, and leaves it: one change, the browser's own.
  await acts.type('#text', 'd');
  await acts.evaluate(() => window.acts.take('#text'));
  assert.deepEqual(await changes(), ['change text']);
  await acts.page.locator('#text').focus();
  await acts.page.keyboard.type('e');
  await acts.page.locator('#other').focus();
  assert.deepEqual(await changes(), ['change text']);
});

test('choosing', `<select id="one"><option value="a">A<option value="b">B<option value="c" disabled>C</select><select id="many" multiple><option id="x">x<option id="y" selected>y<option id="z">z</select>
  <input id="date" type="date" min="2026-01-01"><input id="time" type="time"><input id="color" type="color"><input id="range" type="range" min="0" max="10" step="2"><input id="month" type="month"><input id="week" type="week">
  <input id="local" type="datetime-local"><input id="text">`, async (acts) => {
  const choose = (on, choice) => acts.do({ a: 'choose', on, choice });
  assert.equal(await choose('#one', { value: 'b' }), 'done');
  assert.equal(await acts.value('#one'), 'b');
  assert.equal(await choose('#one', { value: 'c' }), 'unfit');
  assert.equal(await choose('#one', { value: 'none' }), 'unfit');
  assert.equal(await choose('#one', { options: [await acts.id('#x')] }), 'unfit');
  assert.equal(await choose('#many', { options: [await acts.id('#x'), await acts.id('#z')] }), 'done');
  assert.deepEqual(await acts.evaluate(() => [...document.querySelector('#many').selectedOptions].map((o) => o.id)), ['x', 'z']);
  for (const [id, value] of Object.entries({ date: '2026-11-24', time: '09:30', color: '#0b6e6e', range: '4', month: '2026-11', week: '2026-W48', local: '2026-11-24T09:30' })) {
    assert.equal(await choose(`#${id}`, { value }), 'done', id);
    assert.equal(await acts.value(`#${id}`), value);
  }
  for (const [id, value] of Object.entries({ date: '2025-11-24', time: '25:00', color: 'red', range: '11', month: '11', week: 'x', local: '2026-02-31T00:00', text: 'x' })) {
    const before = await acts.value(`#${id}`);
    assert.equal(await choose(`#${id}`, { value }), 'unfit', id);
    assert.equal(await acts.value(`#${id}`), before);
  }
});

test('boxes that are drawn by their labels', `<style>.hide { position: absolute; opacity: 0; pointer-events: none }</style><input type="checkbox" id="box" class="hide"><label for="box">Yes</label>
  <input type="radio" name="r" id="a"><input type="radio" name="r" id="b" checked>`, async (acts) => {
  const check = (on, checked) => acts.do({ a: 'check', on, checked });
  assert.equal(await check('#box', true), 'done');
  assert.equal(await acts.evaluate(() => document.querySelector('#box').checked), true);
  await acts.seen();
  assert.equal(await check('#box', true), 'done');
  assert.deepEqual(await acts.seen(), [], 'it was so already');
  assert.equal(await check('#a', true), 'done');
  assert.equal(await acts.evaluate(() => document.querySelector('#b').checked), false);
  assert.equal(await check('#a', false), 'unfit');
});

test('scrolling', '<div id="box" style="width: 100px; height: 100px; overflow: auto"><div style="width: 300px; height: 500px"></div></div><div style="height: 3000px"></div>', async (acts) => {
  assert.equal(await acts.do({ a: 'scroll', on: '#box', to: [0.5, 1] }), 'done');
  const [left, top] = await acts.evaluate(() => [document.querySelector('#box').scrollLeft, document.querySelector('#box').scrollTop]);
  assert.ok(Math.abs(left - 100) < 10 && top >= 400);
  assert.equal(await acts.do({ a: 'scroll', on: 'document', to: [0, 0.5] }), 'done');
  assert.ok(await acts.evaluate(() => Math.abs(scrollY - (document.documentElement.scrollHeight - innerHeight) / 2) < 2));
});

test('shadow roots, open and closed, and frames of the same origin', '<div id="open"></div><div id="closed"></div><iframe id="frame" srcdoc="<button id=b>x</button><input id=t>" style="height: 100px"></iframe>', async (acts) => {
  const { page } = acts;
  await page.evaluate(() => {
    window.clicks = [];
    for (const mode of ['open', 'closed']) {
      const root = document.getElementById(mode).attachShadow({ mode });
      root.innerHTML = '<button id="b">press</button><input id="t">';
      root.querySelector('button').addEventListener('click', () => window.clicks.push(mode));
    }
  });
  await page.evaluate(() => document.querySelector('iframe').contentDocument.querySelector('button').addEventListener('click', () => window.clicks.push('frame')));
  await acts.batch();
  for (const host of ['#open', '#closed', '#frame']) {
    assert.equal(await acts.click(`${host} >>> #b`), 'done', host);
    assert.equal(await acts.type(`${host} >>> #t`, 'text'), 'done', host);
  }
  assert.deepEqual(await page.evaluate(() => window.clicks), ['open', 'closed', 'frame']);
  assert.deepEqual(await page.evaluate(() => [document.querySelector('#open').shadowRoot.querySelector('input').value, document.querySelector('iframe').contentDocument.querySelector('input').value]), ['text', 'text']);
  await page.evaluate(() => document.body.insertAdjacentHTML('beforeend', '<div style="position: fixed; inset: 0; background: #eee"></div>'));
  assert.equal(await acts.click('#frame >>> #b'), 'gone', 'what covers the frame covers what is in it');
});

test('a page that patched everything is acted on all the same', '<input id="text"><button id="button">x</button>', async (acts) => {
  await acts.evaluate(() => {
    const no = () => { throw new Error('patched'); };
    for (const prototype of [EventTarget.prototype, Element.prototype, HTMLElement.prototype, HTMLInputElement.prototype, Document.prototype]) {
      for (const name of ['dispatchEvent', 'focus', 'blur', 'click', 'select', 'setSelectionRange', 'elementsFromPoint', 'elementFromPoint', 'querySelectorAll', 'closest', 'scrollIntoView', 'getBoundingClientRect', 'composedPath']) {
        if (Object.hasOwn(prototype, name)) prototype[name] = no;
      }
    }
    Object.defineProperty(HTMLInputElement.prototype, 'value', { get: no, set: no });
    for (const name of ['PointerEvent', 'MouseEvent', 'KeyboardEvent', 'InputEvent', 'Event', 'FocusEvent', 'getComputedStyle']) window[name] = no;
    document.querySelector('#button').onclick = () => (window.done = true);
  });
  assert.equal(await acts.click('#button'), 'done');
  assert.equal(await acts.evaluate(() => window.done), true);
  assert.equal(await acts.type('#text', 'ab'), 'done');
}, { record: false });

test('an act is done once, whatever comes twice', '<button id="button" onclick="window.n = (window.n || 0) + 1">x</button>', async (acts) => {
  for (let i = 0; i < 3; i += 1) await acts.click('#button', {}, { id: 7 });
  assert.equal(await acts.evaluate(() => window.n), 1);
  assert.deepEqual(await acts.outcomes(7), ['done']);
});

test('what an act changed leaves before its outcome', '<button id="button">x</button><p id="p"></p>', async (acts) => {
  await acts.evaluate(() => {
    window.acts.events();
    document.querySelector('#button').onclick = () => Promise.resolve().then(() => (document.querySelector('#p').textContent = 'changed'));
  });
  const node = await acts.id('#button');
  const order = await acts.evaluate(async (id) => {
    const n = window.acts.begin({ a: 'click', node: id, at: [0.5, 0.5], count: 1 });
    for (;;) {
      await null;
      if (window.acts.outcomes(n).length) return window.acts.events().some(({ t, nodes }) => t === 'add' && nodes.some(({ node }) => node.text === 'changed'));
    }
  }, node);
  assert.equal(order, true);
});

test('what agents do is no doing of the visitor’s', '<input id="text"><button id="button">x</button>', async (acts) => {
  await acts.evaluate(() => window.acts.events());
  await acts.type('#text', 'abc');
  await acts.click('#button');
  assert.deepEqual((await acts.evaluate(() => window.acts.events())).filter(({ t }) => t === 'pointer'), []);
  const after = (await acts.batch()) - 3;
  assert.equal(await acts.type('#text', 'd', { after, by: 2 }), 'done', 'no conflict, no lock of the visitor’s');
});
