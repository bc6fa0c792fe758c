// The picture layer of the agent's view, with pictures that the test sends in the server's place: how they are drawn and acknowledged, what is said while
// there are none, and that the page below is still what is pressed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Agent, allow, DESKTOP, joinByLink, launch, same, until } from './journey.mjs';
import { coloursAt, frameOf, pictured } from './pictures.mjs';
import { startServer } from './server.mjs';

const RED = [200, 30, 20];
const BLUE = [20, 60, 200];

let browser;
let server;
let agent;
let visitor;
let viewer;
/** How the view is told that the session is shown. */
let way = 'page';
/** The last that the server said of it. */
let told;
/** The view's socket, and that for pictures: how the test speaks to it, and what it said. */
let main;
let line = null;
let opened = 0;
let drawn = [];

before(async () => {
  [browser, server] = await Promise.all([launch(), startServer()]);
  const page = await browser.person(DESKTOP);
  await page.routeWebSocket(/-v\.view\.localhost.*\/socket$/, (socket) => {
    main = socket;
    const onward = socket.connectToServer();
    onward.onMessage((text) => {
      const message = JSON.parse(text);
      if (message.t === 'session') told = message;
      socket.send(message.t === 'session' ? JSON.stringify({ ...message, way }) : text);
    });
  });
  await page.routeWebSocket(/\/pictures$/, (socket) => {
    line = socket;
    opened += 1;
    socket.onMessage((text) => drawn.push(JSON.parse(text)));
    socket.onClose(() => (line = null));
  });
  agent = await new Agent(page, server).signIn();
  const session = await agent.start(undefined, { mode: 'shared' });
  visitor = await browser.person();
  await joinByLink(visitor, session);
  await allow(visitor, 'shared');
  await same(visitor, agent);
  viewer = await agent.viewer();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** The session is shown in this way from now on. */
function goes(next) {
  way = next;
  main.send(JSON.stringify({ ...told, way }));
}

const tells = (message) => line.send(typeof message === 'string' ? message : JSON.stringify(message));
const sends = (frame) => line.send(frameOf(frame));
const shown = (selector) => viewer.locator(selector).filter({ visible: true });
const window = () => visitor.evaluate(() => [innerWidth, innerHeight]);

/** A whole picture of one colour, of the visitor's window at a density. */
async function whole(number, fill, density = 1) {
  const [width, height] = await window();
  const size = { width: width * density, height: height * density };
  sends({ number, ...size, view: [0, 0, width, height], patches: [{ x: 0, y: 0, ...size, fill }] });
}

const isDrawn = (number) => until(`frame ${number} is drawn`, () => drawn.some(({ t, frame }) => t === 'drawn' && frame === number));

test('in the page way, nobody asks for pictures', () => assert.equal(opened, 0));

test('before the first picture, the view says what is going on', async () => {
  goes('image');
  await shown('.trouble').getByText('The page is being opened on the server.').waitFor();
  await until('the socket is open', () => line !== null);
  tells({ t: 'state', state: 'live' });
  await shown('.trouble').getByText('The page is being opened on the server.').waitFor();
  assert.equal(await viewer.evaluate(() => getComputedStyle(document.querySelector('.window iframe')).opacity), '0');
});

test('a picture lies over the page, in its own density, and is acknowledged', async () => {
  await whole(1, RED, 2);
  await isDrawn(1);
  await shown('.trouble').waitFor({ state: 'detached' });
  const [width, height] = await window();
  const { frame, ...size } = await pictured(viewer);
  assert.deepEqual([frame, size.width, size.height], [1, width * 2, height * 2]);
  const [picture, page] = await Promise.all(['.picture', '.window iframe'].map((selector) => viewer.locator(selector).boundingBox()));
  for (const side of ['x', 'y', 'width', 'height']) assert.ok(Math.abs(picture[side] - page[side]) < 0.01, `${side}: ${picture[side]} for ${page[side]}`);
});

test('patches change a part of it, in their order', async () => {
  const [width, height] = await window();
  const jpeg = Buffer.from(await visitor.evaluate(async () => {
    const canvas = new OffscreenCanvas(16, 16);
    const pen = canvas.getContext('2d');
    pen.fillStyle = 'rgb(20, 160, 60)';
    pen.fillRect(0, 0, 16, 16);
    return [...new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 })).arrayBuffer())];
  }));
  const patches = [
    { x: 0, y: 0, width: 64, height: 64, fill: BLUE },
    // A file that is smaller than where it goes.
    { x: 64, y: 0, width: 64, height: 64, jpeg },
    { x: 0, y: 200, width: 128, height: 64, move: [0, 0] },
    { x: 0, y: 0, width: 64, height: 64, fill: [255, 255, 255] },
  ];
  sends({ number: 2, whole: false, width: width * 2, height: height * 2, view: [0, 0, width, height], patches });
  await isDrawn(2);
  const [white, green, blue, copy, red] = await coloursAt(viewer, [[30, 30], [90, 30], [30, 230], [90, 230], [300, 30]]);
  assert.deepEqual([white, blue, red], [[255, 255, 255], BLUE, RED]);
  for (const one of [green, copy]) assert.ok(Math.abs(one[0] - 20) < 8 && Math.abs(one[1] - 160) < 8 && Math.abs(one[2] - 60) < 8, `${one}`);
});

test('a part of a picture that is older than what is drawn is not drawn: all begins anew', async () => {
  const [width, height] = await window();
  const before = opened;
  const size = { width: width * 2, height: height * 2 };
  sends({ number: 1, whole: false, ...size, patches: [{ x: 0, y: 0, width: 64, height: 64, fill: BLUE }] });
  await until('it was opened anew', () => opened === before + 1 && line !== null);
  tells({ t: 'state', state: 'live' });
  await whole(3, RED, 2);
  await isDrawn(3);
  assert.equal(drawn.filter(({ frame }) => frame === 1).length, 1);
});

test('what is pressed is the page’s own', async () => {
  await agent.click('li a h3');
  await visitor.waitForURL(/product/);
  await same(visitor, agent);
  await visitor.goBack();
  await same(visitor, agent);
});

test('notes are in the picture: the agent takes them away, and does not see them twice', async () => {
  await agent.hand('element');
  await agent.click('h1');
  const note = viewer.locator('.layer.notes .light');
  await note.waitFor({ state: 'attached' });
  assert.equal(await viewer.evaluate(() => getComputedStyle(document.querySelector('.layer.notes')).opacity), '0');
  await agent.hand('act');
  await shown('.away').click();
  await note.waitFor({ state: 'detached' });
});

test('the visitor’s pointer is drawn, another agent’s is in the picture', async () => {
  await visitor.mouse.move(300, 300);
  await shown('.cursor[data-by="0"] .name').waitFor();
  assert.equal(await viewer.evaluate(() => getComputedStyle(document.querySelector('.cursor[data-by="0"]')).opacity), '1');
  assert.equal(await viewer.evaluate(() => {
    const other = document.querySelector('.cursor').cloneNode(true);
    other.dataset.by = '7';
    document.querySelector('.layer.cursors').append(other);
    const { opacity } = getComputedStyle(other);
    other.remove();
    return opacity;
  }), '0');
});

test('nobody looks around in a picture: the wheel scrolls for both', async () => {
  const room = await viewer.locator('.room').boundingBox();
  await agent.page.mouse.move(room.x + room.width / 2, room.y + room.height / 2);
  await agent.page.mouse.wheel(0, 300);
  await until('the visitor’s page is scrolled', () => visitor.evaluate(() => document.scrollingElement.scrollTop > 200));
  await agent.page.keyboard.press('f');
  assert.equal(await shown('.notice').getByText('You are looking around').count(), 0);
  await same(visitor, agent);
  await visitor.evaluate(() => scrollTo(0, 0));
  await same(visitor, agent);
});

test('what the page asks the visitor is said, with a ring where a list is open', async () => {
  tells({ t: 'dialog', dialog: { kind: 'confirm', text: 'Empty the basket?', value: '' } });
  await shown('.notice').getByText('The page asks the visitor: “Empty the basket?”').waitFor();
  tells({ t: 'dialogGone' });
  await until('it is gone', async () => (await shown('.notice').count()) === 0);
  tells({ t: 'list', place: [100, 120, 200, 30] });
  const ring = await until('the ring is there', () => viewer.locator('.open-list').boundingBox());
  const page = await viewer.locator('.window').boundingBox();
  const scale = page.width / (await window())[0];
  assert.ok(Math.abs(ring.x - page.x - 100 * scale) < 1 && Math.abs(ring.width - 200 * scale) < 1, JSON.stringify({ ring, page }));
  tells({ t: 'listGone' });
  await viewer.locator('.open-list').waitFor({ state: 'hidden' });
});

test('what the visitor enlarged is the whole picture, and the places are right', async () => {
  const [width, height] = await window();
  const part = [200, 100, width / 2, height / 2];
  sends({ number: 4, width, height, view: part, patches: [{ x: 0, y: 0, width, height, fill: BLUE }] });
  await isDrawn(4);
  // The page says that it is enlarged, as a phone's does.
  const [paper, picture] = await until('the picture fills the window', async () => {
    main.send(JSON.stringify({ t: 'events', seq: 1e6, events: [{ t: 'viewport', width, height, density: 1, zoom: 2, offset: [200, 100], touch: true, contentWidth: width, contentHeight: height }] }));
    const boxes = await Promise.all(['.paper', '.picture'].map((selector) => viewer.locator(selector).boundingBox()));
    return Math.abs(boxes[0].width - boxes[1].width) < 1 && boxes;
  });
  for (const side of ['x', 'y', 'width', 'height']) assert.ok(Math.abs(picture[side] - paper[side]) < 1, `${side}: ${picture[side]} for ${paper[side]}`);
});

test('after a stop, the last picture is dimmed until another comes', async () => {
  tells({ t: 'state', state: 'restarting' });
  await shown('.trouble').getByText('The page stopped and is being opened again.').waitFor();
  await until('it is dimmed', () => viewer.evaluate(() => Number(getComputedStyle(document.querySelector('.picture')).opacity) < 0.5));
  tells({ t: 'state', state: 'live' });
  await shown('.trouble').getByText('The page is being opened on the server.').waitFor();
  await whole(1, RED);
  await until('it is as it was', async () => (await shown('.trouble').count()) === 0);
  assert.equal((await pictured(viewer)).frame, 1);
});

test('a broken line is made again, and what cannot be drawn begins anew', async () => {
  const before = opened;
  await line.close();
  await until('it is open again', () => opened === before + 1 && line !== null);
  tells({ t: 'state', state: 'live' });
  line.send(Buffer.from([1, 1, 9, 9]));
  await until('it was opened anew', () => opened === before + 2 && line !== null);
  tells({ t: 'state', state: 'live' });
  await whole(9, BLUE);
  await isDrawn(9);
});

test('in the page way again, there is the page and no picture', async () => {
  goes('page');
  await viewer.locator('.picture').waitFor({ state: 'hidden' });
  await until('the socket is closed', () => line === null);
  assert.equal(await viewer.evaluate(() => getComputedStyle(document.querySelector('.window iframe')).opacity), '1');
  const before = opened;
  await agent.click('li a h3');
  await visitor.waitForURL(/product/);
  assert.equal(opened, before);
});
