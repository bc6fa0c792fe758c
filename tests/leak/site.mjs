// The site of the leak suite: one page for each channel, with a plant for each kind of canary in each disguise.
import { createServer } from 'node:http';
import { BEYOND } from './beyond.mjs';
import { CHANNELS as COUNTED } from './channels.mjs';
import { cssText, DISGUISES, dress, grows, markup, TWICE } from './disguises.mjs';
import { canary, ENTITIES } from './entities.mjs';

export const CHANNELS = { ...COUNTED, ...BEYOND };
/** Those that the suite's figure counts. */
export const isCounted = (channel) => channel in COUNTED;

/** In the short form, each channel has every disguise once, and kinds take turns. */
export const SHORT = process.argv.includes('--short');

/** All plants of a channel. */
export function plantsOf(channel) {
  const first = Object.keys(CHANNELS).indexOf(channel) * TWICE.length * ENTITIES.length;
  const { html, set, typed } = CHANNELS[channel];
  const fits = (disguise) => (grows(disguise) ? set : html || (set && !(typed && !html && channel in BEYOND)));
  const disguises = (isCounted(channel) ? DISGUISES : TWICE).filter(fits);
  const taken = (entity, d) => !SHORT || (Object.keys(CHANNELS).indexOf(channel) + d * 3) % ENTITIES.length === ENTITIES.indexOf(entity);
  return disguises.flatMap((disguise, d) =>
    ENTITIES.filter((entity) => taken(entity, d)).map((entity, e) => {
      const number = first + d * ENTITIES.length + (SHORT ? 0 : e);
      const value = canary(entity, number);
      return { id: `plant-${number}`, channel, disguise, entity, value, text: dress(disguise, value) };
    }),
  );
}

const inMarkup = ({ channel, disguise }) => !grows(disguise) && CHANNELS[channel].html !== undefined;

function htmlOf(plant) {
  const text = markup(plant.disguise, plant.value);
  return CHANNELS[plant.channel].html(text, { id: plant.id, url: `/frame/${plant.id}`, css: cssText(plant.disguise, plant.value), encoded: encodeURIComponent(picture(plant.text)) });
}

const picture = (text) => `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="20"><text y="15">${text}</text></svg>`;

function page(channel) {
  const boxes = plantsOf(channel).map((plant) => `<div class=plant id=${plant.id}>${inMarkup(plant) ? htmlOf(plant) : ''}</div>`);
  return `<!doctype html><title>${channel}</title><link rel=stylesheet href=/plants.css>
<style>.told::before { content: attr(data-told) } .variable::before { content: var(--number) }</style>
<h1>${channel}</h1>${boxes.join('\n')}`;
}

/** A style sheet of its own, so that what it says reaches agents as an asset. */
function sheet() {
  const plants = plantsOf('CSS content').filter(({ disguise }) => !grows(disguise));
  return plants.map(({ id, disguise, value }) => `#${id}::after { content: "${cssText(disguise, value).whole}" }`).join('\n');
}

/** Serves it on loopback. */
export async function startSite() {
  const all = new Map(Object.keys(CHANNELS).flatMap(plantsOf).map((plant) => [plant.id, plant]));
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://leak.localhost');
    const send = (type, body) => response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(body);
    const channel = /^\/channel\/(\d+)$/.exec(pathname)?.[1];
    const framed = all.get(/^\/frame\/(plant-\d+)$/.exec(pathname)?.[1]);
    if (channel !== undefined) send('text/html', page(Object.keys(CHANNELS)[channel]));
    else if (framed) send('text/html', `<!doctype html><title>Frame</title><p>Framed: ${markup(framed.disguise, framed.value)}`);
    else if (pathname === '/plants.css') send('text/css', sheet());
    else if (pathname === '/') send('text/html', '<!doctype html><title>Leaks</title><h1>Leaks</h1>');
    else response.writeHead(404).end();
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { origin: `http://leak.localhost:${server.address().port}`, close: () => server.close(() => {}) };
}

/** Plants that scripts put into the page, by whether they grow. */
export function scripted(channel) {
  const plants = plantsOf(channel).filter((plant) => !inMarkup(plant) || CHANNELS[channel].both);
  return { atOnce: plants.filter(({ disguise }) => !grows(disguise)), typed: plants.filter(({ disguise }) => grows(disguise)) };
}
