// Three small pages, one each with React, Vue and Svelte: a form whose fields are bound to the framework's state, that state as text, and a
// list with keys that can be put into another order. Built when a test asks for them, and served as a site of their own.
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build } from 'vite';

const ENTRIES = { react: 'react.jsx', vue: 'vue.js', svelte: 'svelte.js' };
export const FRAMEWORKS = Object.keys(ENTRIES);

async function bundle(name) {
  const entry = fileURLToPath(new URL(`./${ENTRIES[name]}`, import.meta.url));
  const define = { 'process.env.NODE_ENV': '"production"', __VUE_OPTIONS_API__: 'true', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false' };
  const lib = { entry, formats: ['iife'], name: `page_${name}`, fileName: () => `${name}.js` };
  const [out] = await build({
    configFile: false, logLevel: 'error', define, mode: 'production', root: fileURLToPath(new URL('.', import.meta.url)),
    plugins: name === 'svelte' ? [svelte({ configFile: false })] : [],
    oxc: { jsx: { runtime: 'automatic' } },
    build: { write: false, target: 'es2022', lib },
  });
  return out.output[0].code;
}

/** Builds them, and serves them on a port of their own: `{ origin, stop() }`; the pages are `/react`, `/vue` and `/svelte`. */
export async function startFrameworks() {
  const scripts = new Map();
  for (const name of FRAMEWORKS) scripts.set(`/${name}.js`, await bundle(name));
  const server = createServer(({ url }, response) => {
    const name = FRAMEWORKS.find((each) => url === `/${each}`);
    const script = scripts.get(url);
    if (script) response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' }).end(script);
    else if (name) response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(pageOf(name));
    else response.writeHead(404).end();
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    origin: `http://frameworks.localhost:${server.address().port}`,
    stop: () => new Promise((done) => {
      server.close(done);
      server.closeAllConnections();
    }),
  };
}

const pageOf = (name) => `<!DOCTYPE html><html lang="en"><title>${name}</title><body><h1>${name}</h1><div id="app"></div><script src="/${name}.js"></script>`;
