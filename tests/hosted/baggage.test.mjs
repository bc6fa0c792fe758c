// Baggage: what a page has beside its address is told, and put in place in another load of it, in Chromium.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { FRAMEWORKS, startFrameworks } from '../frameworks/build.mjs';
import { start } from './page.mjs';
import { until } from '../until.mjs';

let browser, site;
before(async () => {
  site = await startFrameworks();
  browser = await start();
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

const FORM = `
  <form>
    <input id=text><input name=named type=email><input id=secret type=password><input id=number type=number><input id=date type=date><input id=range type=range><input id=color type=color>
    <input id=box type=checkbox><input id=off type=checkbox checked><input type=radio name=size value=small checked><input type=radio name=size value=large id=large>
    <textarea id=area>as written</textarea><select id=one><option>a<option>b<option>c</select><select id=many multiple><option>x<option selected>y<option>z</select>
    <div><p>x</p><p><input></p></div><input id=file type=file><input type=hidden name=token value=1>
  </form>
  <p id=edit contenteditable>text</p>
  <div id=s><template shadowrootmode=open><input id=inner></template></div><iframe id=f srcdoc="<input name=framed><div id=t style='height:40px;overflow:auto'><p style='height:400px'>"></iframe>
  <div id=box2 style="height:60px;overflow:auto"><div style="height:600px"></div></div><div style="height:3000px"></div>`;

/** What the fields and boxes are now. */
const state = (page) => page.evaluate(() => {
  const { find } = window.driven;
  const value = (selector) => find(selector).value;
  const chosen = (selector) => [...find(selector).options].map(({ selected }) => selected);
  return {
    values: ['#text', '[name=named]', '#secret', '#number', '#date', '#range', '#color', '#area', 'form div input', '#s >>> #inner', '#f >>> input'].map(value),
    checked: ['#box', '#off', '[value=small]', '#large'].map((selector) => find(selector).checked),
    chosen: [chosen('#one'), chosen('#many')],
    edited: find('#edit').textContent,
    scrolled: [window.scrollY, find('#box2').scrollTop, find('#f >>> #t').scrollTop],
  };
});

async function fill(page) {
  const type = async (selector, text) => {
    await page.page.click(selector);
    await page.page.keyboard.type(text);
  };
  await type('#text', 'Mia "quoted" ü');
  await type('[name=named]', 'a@b.example');
  await type('#secret', 'hunter2');
  await type('#number', '12');
  await type('form div input', 'unnamed');
  await type('#edit', 'more ');
  for (const selector of ['#box', '#off', '#large']) await page.page.click(selector);
  await page.evaluate(() => {
    const { find } = window.driven;
    find('#date').value = '2024-02-29';
    find('#range').value = '70';
    find('#color').value = '#00ff00';
    find('#area').value = 'two\nlines';
    find('#one').selectedIndex = 2;
    find('#many').options[0].selected = true;
    find('#s >>> #inner').value = 'in a shadow';
    find('#f >>> input').value = 'in a frame';
    find('#box2').scrollTop = 120;
    find('#f >>> #t').scrollTop = 70;
    window.scrollTo(0, 400);
  });
}

test('every kind of field, and what is scrolled', { timeout: 60_000 }, async () => {
  const first = await browser.open(FORM, { hosted: false });
  await first.frames();
  await fill(first);
  await first.evaluate(() => {
    localStorage.setItem('cart', '[1,2]');
    sessionStorage.setItem('step', '3');
  });
  await first.tell({ t: 'pack', n: 9 });
  const { baggage, pack } = await first.next('baggage');
  assert.equal(pack, 9);
  assert.deepEqual([baggage.url, baggage.local, baggage.session], ['http://page.test/', [['cart', '[1,2]']], [['step', '3']]]);
  assert.ok(!baggage.fields.some(({ path }) => path.includes('file') || path.includes('token')));
  const before = await state(first);
  await first.close();

  const second = await browser.open(FORM);
  await second.frames();
  const seen = await second.evaluate(() => {
    window.seen = [];
    document.addEventListener('change', ({ target }) => window.seen.push(target.id || target.name), true);
  });
  void seen;
  await second.tell({ t: 'unpack', baggage });
  await until('everything is in place', async () => JSON.stringify(await state(second)) === JSON.stringify(before)).catch(async (error) => assert.deepEqual(await state(second), before, error.message));
  const told = await second.evaluate(() => window.seen);
  for (const id of ['text', 'named', 'secret', 'one', 'many', 'box', 'large']) assert.equal(told.filter((each) => each === id).length, 1, `change of ${id}, told: ${told}`);
  await second.close();
});

test('what comes late, and what was typed meanwhile', async () => {
  const page = await browser.open('<input id=a><input id=b><select id=c><option>one</select>');
  const url = 'http://page.test/';
  await page.page.click('#b');
  await page.page.keyboard.type('typed');
  await page.tell({ t: 'unpack', baggage: { url, local: [], session: [], fields: [{ path: '#a', value: 'kept' }, { path: '#b', value: 'not this' }, { path: '#c', selected: [1] }, { path: '#late', value: 'there' }], scrolls: [['', 0, 500]] } });
  await until('the field that is there', () => page.evaluate(() => document.querySelector('#a').value === 'kept'));
  await page.evaluate(() => {
    document.querySelector('#c').add(new Option('two'));
    document.body.insertAdjacentHTML('beforeend', '<input id=late><div style="height:3000px"></div>');
  });
  await until('what comes late', () => page.evaluate(() => document.querySelector('#late').value === 'there' && document.querySelector('#c').value === 'two' && window.scrollY === 500));
  assert.equal(await page.evaluate(() => document.querySelector('#b').value), 'typed');
  await page.close();
});

test('baggage of another page is left alone', async () => {
  const page = await browser.open('<input id=a>');
  await page.tell({ t: 'unpack', baggage: { url: 'http://page.test/other', local: [], session: [], fields: [{ path: '#a', value: 'x' }], scrolls: [] } });
  await page.evaluate(() => new Promise((done) => setTimeout(done, 500)));
  assert.equal(await page.evaluate(() => document.querySelector('#a').value), '');
  await page.close();
});

test('a hosted page tells it by itself, whenever it is another one', async () => {
  const page = await browser.open('<input id=a><p id=p>text</p>');
  const first = (await page.next('baggage')).baggage;
  assert.deepEqual(first.fields, []);
  await page.page.click('#a');
  await page.page.keyboard.type('x');
  assert.deepEqual((await page.next('baggage', ({ baggage }) => baggage.fields.length > 0)).baggage.fields, [{ path: '#a', value: 'x' }]);
  await page.evaluate(() => (document.querySelector('#p').textContent = 'another'));
  await page.evaluate(() => new Promise((done) => setTimeout(done, 1_200)));
  assert.ok(!(await page.news()).some(({ t }) => t === 'baggage'), 'nothing of it changed');
  await page.close();
});

for (const name of FRAMEWORKS) {
  test(`the state of ${name} follows`, { timeout: 30_000 }, async () => {
    const url = `${site.origin}/${name}`;
    const first = await browser.visit(url, { hosted: false });
    await first.page.fill('#name', 'Mia');
    await first.page.fill('#note', 'two\nlines');
    await first.page.selectOption('#colour', 'blue');
    await first.page.check('#terms');
    await first.page.check('#size-large');
    await first.page.fill('#count', '12');
    const wanted = await first.evaluate(() => JSON.parse(document.querySelector('#state').textContent));
    await first.tell({ t: 'pack', n: 1 });
    const { baggage } = await first.next('baggage');
    await first.close();
    const second = await browser.visit(url);
    await second.tell({ t: 'unpack', baggage });
    const now = () => second.evaluate(() => JSON.parse(document.querySelector('#state').textContent));
    await until('the state', async () => JSON.stringify(await now()) === JSON.stringify(wanted)).catch(async (error) => assert.deepEqual(await now(), wanted, error.message));
    await second.close();
  });
}

test('to the screen, and nowhere else', async () => {
  const page = await browser.open('<p>text</p><script>addEventListener("beforeunload", (event) => event.preventDefault())</script>', { hosted: false });
  await page.page.click('p');
  await page.tell({ t: 'screen', url: 'http://evil.example/' });
  await page.evaluate(() => new Promise((done) => setTimeout(done, 200)));
  assert.equal(page.page.url(), 'http://page.test/');
  await page.tell({ t: 'screen', url: 'http://abcdefgh23-i.view.localhost:8080/' }).catch(() => undefined);
  await page.page.waitForURL('http://abcdefgh23-i.view.localhost:8080/');
  await page.close();
});
