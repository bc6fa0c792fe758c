// What the visitor does with the picture, in Chromium, the test playing the server: mouse, wheel, fingers, keys, text, clipboard.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PHONE, screens } from './play.mjs';
import { until } from '../until.mjs';

const { on } = screens();

const FIELD = { kind: 'text', hints: ['', '', ''], place: [100, 200, 300, 40], before: '' };
/** Keys as `+a` (down) and `-a` (up), with what is held. */
const keys = (play) => play.inputs('key').map(({ down, key, held }) => `${down ? '+' : '-'}${key}${held ? `/${held}` : ''}`);
const settled = (what, read, wanted) => until(what, () => (JSON.stringify(read()) === JSON.stringify(wanted) ? true : null), 3_000).catch(() => assert.deepEqual(read(), wanted));

on('the mouse: where the page is, whatever the picture shows of it', {}, async (screen, page, play) => {
  // Zoomed in to twice its size.
  await screen.show([{ at: [0, 0, 1280, 800], fill: [1, 1, 1] }], { view: [100, 50, 640, 400] });
  play.forget();
  await page.mouse.move(200, 100);
  await page.mouse.down();
  await page.mouse.up();
  await settled('move, down, up', () => play.inputs('mouse').map(({ action, x, y, button, buttons, count }) => [action, x, y, button, buttons, count]), [
    ['move', 200, 100, 0, 0, 0], ['down', 200, 100, 0, 1, 1], ['up', 200, 100, 0, 0, 1],
  ]);
  assert.deepEqual(play.of('input').map(({ n }) => n), [1, 2, 3]);
});

on('two and three presses in a row, other buttons, held keys', {}, async (screen, page, play) => {
  await page.mouse.click(10, 10, { clickCount: 3 });
  await settled('counts', () => play.inputs('mouse').filter(({ action }) => action === 'down').map(({ count }) => count), [1, 2, 3]);
  play.forget();
  await page.keyboard.down('Shift');
  await page.mouse.click(300, 300, { button: 'right' });
  await page.keyboard.up('Shift');
  await page.mouse.click(300, 300, { button: 'middle' });
  await settled('buttons', () => play.inputs('mouse').filter(({ action }) => action !== 'move').map(({ action, button, buttons, held }) => [action, button, buttons, held]), [
    ['down', 2, 2, 8], ['up', 2, 0, 8], ['down', 1, 4, 0], ['up', 1, 0, 0],
  ]);
});

on('a drag goes on outside of the window', {}, async (screen, page, play) => {
  await page.mouse.move(1200, 400);
  await page.mouse.down();
  await page.mouse.move(1500, 900);
  await page.mouse.up();
  await until('it came up', () => play.inputs('mouse').at(-1)?.action === 'up');
  const { x, y, buttons } = play.inputs('mouse').at(-1);
  assert.deepEqual([x, y, buttons], [1500, 900, 0]);
  assert.ok(play.inputs('mouse').some(({ action, x: at, buttons: held }) => action === 'move' && at === 1500 && held === 1));
});

on('at most sixty moves a second are told, the last of them always', {}, async (screen, page, play) => {
  const took = await page.evaluate(async () => {
    const target = document.querySelector('.page');
    const start = performance.now();
    for (let i = 0; i <= 400; i += 1) {
      target.dispatchEvent(new MouseEvent('mousemove', { clientX: i, clientY: 7, bubbles: true }));
      if (i % 4 === 0) await new Promise((done) => setTimeout(done));
    }
    return performance.now() - start;
  });
  await until('the last', () => play.inputs('mouse').at(-1)?.x === 400);
  const count = play.inputs('mouse').length;
  assert.ok(count > 2 && count <= (took / 1000) * 62 + 2, `${count} moves in ${took} ms`);
});

on('the wheel, by pixels, lines and pages; nothing of it is lost', {}, async (screen, page, play) => {
  await page.mouse.move(640, 400);
  await page.mouse.wheel(0, 120);
  const [wheel] = await until('a turn', () => play.inputs('wheel').length && play.inputs('wheel'));
  assert.deepEqual(wheel, { i: 'wheel', x: 640, y: 400, dx: 0, dy: 120, held: 0 });
  play.forget();
  const stopped = await page.evaluate(() => [[0, 3, 0], [1, 3, 0], [1, -3, 0], [2, 0, 1], [0, 0, 5]].map(([deltaMode, deltaY, deltaX]) => {
    const event = new WheelEvent('wheel', { deltaMode, deltaY, deltaX, clientX: 5, clientY: 6, cancelable: true, ctrlKey: deltaX === 5 });
    document.querySelector('.page').dispatchEvent(event);
    return event.defaultPrevented;
  }));
  assert.ok(stopped.every(Boolean));
  const sum = (name) => play.inputs('wheel').reduce((all, turn) => all + turn[name], 0);
  await until('all turns', () => sum('dx') === 1285 && Math.abs(sum('dy') - 3) < 0.01);
});

on('fingers: a tap, a swipe, a pinch, all that touch', { size: PHONE, touch: true }, async (screen, page, play) => {
  const cdp = await page.context().newCDPSession(page);
  const touch = (type, ...points) => cdp.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([id, x, y]) => ({ id, x, y })) });
  await touch('touchStart', [0, 100, 200]);
  await touch('touchEnd');
  await settled('a tap', () => play.inputs(), [{ i: 'touch', action: 'start', points: [[0, 100, 200]], held: 0 }, { i: 'touch', action: 'end', points: [], held: 0 }]);
  play.forget();
  await touch('touchStart', [0, 100, 300], [1, 200, 300]);
  await touch('touchMove', [0, 80, 300], [1, 220, 300]);
  await touch('touchMove', [0, 50, 300], [1, 250, 300]);
  await touch('touchEnd', [0, 50, 300]);
  await touch('touchCancel');
  await until('they are gone', () => play.inputs('touch').at(-1)?.points.length === 0);
  const told = play.inputs('touch');
  const most = told.find(({ points }) => points.length === 2);
  assert.deepEqual(most.points, [[0, 100, 300], [1, 200, 300]]);
  assert.ok(told.some(({ action, points }) => action === 'move' && points[0][1] === 50 && points[1]?.[1] === 250), 'the last place of both');
  assert.deepEqual(told.at(-2).points.length, 1, 'one is left when the other goes');
  assert.deepEqual(play.inputs().filter(({ i }) => i !== 'touch'), [], 'no mouse is made of fingers');
  assert.deepEqual(await page.evaluate(() => [scrollX, scrollY, visualViewport.scale]), [0, 0, 1]);
});

on('keys go to the page, down and up, with what is held', {}, async (screen, page, play) => {
  await page.keyboard.press('a');
  await page.keyboard.press('Shift+B');
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Alt+x');
  await page.keyboard.press('F2');
  await settled('keys', () => keys(play), [
    '+a', '-a', '+Shift/8', '+B/8', '-B/8', '-Shift', '+Control/2', '+z/2', '-z/2', '-Control', '+Tab', '-Tab', '+Escape', '-Escape', '+Alt/1', '+x/1', '-x/1', '-Alt', '+F2', '-F2',
  ]);
  assert.deepEqual(play.inputs('key')[0], { i: 'key', down: true, key: 'a', code: 'KeyA', location: 0, repeat: false, held: 0 });
  play.forget();
  await page.keyboard.down('ArrowDown');
  await page.keyboard.down('ArrowDown');
  await until('it repeats', () => play.inputs('key').length === 2);
  assert.deepEqual(play.inputs('key').map(({ repeat }) => repeat), [false, true]);
  await page.evaluate(() => window.dispatchEvent(new Event('blur')));
  await until('what is down comes up', () => keys(play).at(-1) === '-ArrowDown');
});

on('what the browser keeps is not told; loading anew is the page’s', {}, async (screen, page, play) => {
  for (const combination of ['Control+c', 'Control+v', 'Control+x', 'F12', 'Control+t', 'Control+0', 'Shift+Insert']) await page.keyboard.press(combination);
  const loads = play.loads;
  await page.keyboard.press('F5');
  await page.keyboard.press('Control+r');
  await screen.heard('step', 2);
  assert.deepEqual(play.of('step').map(({ step }) => step), ['reload', 'reload']);
  assert.equal(play.loads, loads);
  assert.deepEqual(keys(play).filter((key) => !/Control|Shift/.test(key)), []);
});

on('an input method composes in the field’s place', {}, async (screen, page, play) => {
  const cdp = await page.context().newCDPSession(page);
  play.tell({ t: 'field', field: FIELD });
  await until('a field is there', () => page.evaluate(() => document.activeElement.localName === 'textarea'));
  const box = await page.evaluate(() => document.activeElement.getBoundingClientRect().toJSON());
  assert.deepEqual([box.left, box.top, box.width, box.height], [100, 200, 300, 40]);
  await cdp.send('Input.imeSetComposition', { text: 'に', selectionStart: 1, selectionEnd: 1 });
  await cdp.send('Input.imeSetComposition', { text: 'にほ', selectionStart: 2, selectionEnd: 2 });
  await cdp.send('Input.insertText', { text: '日本' });
  await settled('composed, then settled', () => play.inputs(), [
    { i: 'compose', text: 'に', selection: [1, 1] }, { i: 'compose', text: 'にほ', selection: [2, 2] }, { i: 'compose', text: '日本', selection: [2, 2] }, { i: 'text', text: '日本' },
  ]);
  play.forget();
  await cdp.send('Input.imeSetComposition', { text: 'x', selectionStart: 1, selectionEnd: 1 });
  await cdp.send('Input.imeSetComposition', { text: '', selectionStart: 0, selectionEnd: 0 });
  await until('it was taken back', () => play.inputs('compose').at(-1)?.text === '');
  assert.deepEqual(play.inputs('text'), []);
});

on('a phone’s keyboard: the field’s kind, text with what is corrected in it, deleting', { size: PHONE, touch: true }, async (screen, page, play) => {
  const cdp = await page.context().newCDPSession(page);
  play.tell({ t: 'field', field: { ...FIELD, kind: 'email', hints: ['', 'next', ''], place: [20, 500, 350, 44], before: 'ma' } });
  await until('a field is there', () => page.evaluate(() => document.activeElement.localName === 'textarea'));
  const asked = () => page.evaluate(() => ['inputmode', 'enterkeyhint', 'autocapitalize'].map((name) => document.activeElement.getAttribute(name)));
  assert.deepEqual(await asked(), ['email', 'next', 'off']);
  assert.equal(await page.evaluate(() => document.activeElement.value), 'ma');
  await cdp.send('Input.insertText', { text: 'rei' });
  await settled('text', () => play.inputs(), [{ i: 'text', text: 'rei' }]);
  play.forget();
  // The keyboard puts another word in the place of the one before the caret.
  await page.evaluate(() => {
    document.activeElement.setSelectionRange(3, 5);
    document.execCommand('insertText', false, 'ia');
  });
  await settled('the difference', () => [...keys(play), ...play.inputs('text').map(({ text }) => text)], ['+Backspace', '-Backspace', '+Backspace', '-Backspace', 'ia']);
  play.forget();
  await page.evaluate(() => document.execCommand('delete'));
  await settled('one back', () => keys(play), ['+Backspace', '-Backspace']);
  // What the page says of the text counts once nothing is written any more.
  play.tell({ t: 'field', field: { ...FIELD, kind: 'email', hints: ['', 'next', ''], place: [20, 500, 350, 44], before: 'maria' } });
  await until('it follows', () => page.evaluate(() => document.activeElement.value === 'maria'));
  play.tell({ t: 'field', field: { ...FIELD, kind: 'password', place: [20, 600, 350, 44] } });
  await until('a password’s keyboard', () => page.evaluate(() => document.activeElement.type === 'password'));
  await until('a lock', () => page.locator('.lock').isVisible());
  assert.equal(await page.locator('.lock').getAttribute('aria-label'), 'Justin does not see what is in this field');
  play.tell({ t: 'field', field: null });
  await until('the keyboard goes', () => page.evaluate(() => document.activeElement.getAttribute('role') === 'application'));
  assert.ok(!(await page.locator('.lock').isVisible()));
});

on('typing on a computer goes by keys, in a field as elsewhere', {}, async (screen, page, play) => {
  play.tell({ t: 'field', field: FIELD });
  await until('a field is there', () => page.evaluate(() => document.activeElement.localName === 'textarea'));
  await page.keyboard.type('hi é');
  await settled('keys', () => keys(play).filter((key) => key.startsWith('+')), ['+h', '+i', '+ ']);
  // What no key makes comes as text.
  await settled('text', () => play.inputs('text'), [{ i: 'text', text: 'é' }]);
});

on('pasting, copying, cutting', {}, async (screen, page, play) => {
  await page.evaluate(() => navigator.clipboard.writeText('from elsewhere'));
  await page.keyboard.press('Control+v');
  await settled('pasted', () => play.inputs('text'), [{ i: 'text', text: 'from elsewhere' }]);
  await page.keyboard.press('Control+c');
  assert.deepEqual((await screen.heard('copy')).at(-1), { t: 'copy', cut: false });
  play.tell({ t: 'copied', text: 'of the page' });
  await until('it is in the clipboard', async () => (await page.evaluate(() => navigator.clipboard.readText())) === 'of the page');
  play.tell({ t: 'field', field: FIELD });
  await until('a field is there', () => page.evaluate(() => document.activeElement.localName === 'textarea'));
  await page.keyboard.press('Control+x');
  assert.deepEqual((await screen.heard('copy', 2)).at(-1), { t: 'copy', cut: true });
  play.tell({ t: 'copied', text: 'cut out' });
  await until('it is in the clipboard', async () => (await page.evaluate(() => navigator.clipboard.readText())) === 'cut out');
  await page.keyboard.press('Control+v');
  await until('pasted into the field', () => play.inputs('text').at(-1)?.text === 'cut out');
  assert.equal(play.inputs('text').length, 2, 'once');
});
