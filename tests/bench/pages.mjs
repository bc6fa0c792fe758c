// The site of the pictures' bench: a page for each thing that is measured. Nothing on it depends on chance.
import { createServer } from 'node:http';

const page = (body, style = '') => `<!doctype html><html><head><meta charset="utf-8"><title>Bench</title><style>
  html, body { margin: 0; font: 16px/1.5 sans-serif; color: #222; background: #fff } ${style}</style></head><body>${body}</body></html>`;

const words = 'A kettle holds a litre and a half and boils it within four minutes. Its handle stays cool, and its lid opens with one hand.'.split(' ');
const paragraph = (n) => `<h2>Part ${n}</h2><p>${Array.from({ length: 120 }, (_, i) => words[(i * 7 + n) % words.length]).join(' ')}</p>`;
const article = Array.from({ length: 60 }, (_, n) => paragraph(n)).join('');

const scene = (draw) => `<canvas width="1280" height="800" style="display: block"></canvas><script>
  const context = document.querySelector('canvas').getContext('2d');
  let frame = 0;
  const draw = () => { ${draw}; frame += 1; requestAnimationFrame(draw); };
  draw();</script>`;

const PAGES = {
  // The whole of it changes at a press.
  '/click': page(`<button id="b" style="position: fixed; left: 40px; top: 60px; width: 200px; height: 80px">Press</button><div style="padding: 200px 40px">${paragraph(1)}${paragraph(2)}</div>`
    + `<script>let n = 0; b.onmousedown = () => { n += 1; document.body.style.background = n % 2 ? 'rgb(0, 90, 200)' : 'rgb(255, 255, 255)'; };</script>`),
  // Everything moves: a gradient that turns.
  '/animate': page(scene(`const a = frame / 40; const g = context.createLinearGradient(640 + 640 * Math.cos(a), 400 + 400 * Math.sin(a), 640 - 640 * Math.cos(a), 400 - 400 * Math.sin(a));
    g.addColorStop(0, '#204080'); g.addColorStop(0.5, '#e0a040'); g.addColorStop(1, '#208060'); context.fillStyle = g; context.fillRect(0, 0, 1280, 800);
    context.fillStyle = '#fff'; context.font = '64px sans-serif'; context.fillText('Frame ' + frame, 100 + frame % 600, 400)`)),
  // A film of 480x270 among text: 25 pictures a second.
  '/video': page(`<canvas id="film" width="480" height="270" style="float: left; margin: 24px"></canvas><div style="padding: 24px">${paragraph(1)}${paragraph(2)}</div><script>
    const context = film.getContext('2d'); let n = 0;
    setInterval(() => { n += 1; for (let i = 0; i < 60; i += 1) { context.fillStyle = 'hsl(' + (n * 3 + i * 6) % 360 + ' 60% 50%)'; context.fillRect((i * 37 + n * 4) % 520 - 40, (i * 53 + n * 2) % 300 - 30, 40, 30); } }, 40);</script>`),
  '/read': page(`<div style="max-width: 800px; margin: auto">${article}</div>`),
  '/type': page(`<div style="padding: 60px 24px 24px"><textarea id="t" autofocus style="width: 600px; height: 300px; font: 16px/1.5 sans-serif"></textarea>${paragraph(1)}</div>`),
};

/** Starts it; gives its origin, and what stops it. */
export async function startPages() {
  const server = createServer((request, response) => {
    const body = PAGES[request.url] ?? PAGES['/read'];
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(body);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { origin: `http://127.0.0.1:${server.address().port}`, stop: () => new Promise((done) => server.close(done)) };
}
