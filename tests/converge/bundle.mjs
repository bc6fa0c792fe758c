// Bundles a file of this folder or another, as web/build.mjs does the companion.
import { fileURLToPath } from 'node:url';

const web = fileURLToPath(new URL('../../web/', import.meta.url));
const { build } = await import(new URL('../../web/node_modules/vite/dist/node/index.js', import.meta.url).href);

/** Its code, as one classic script. `folder`: where it is, by its address. */
export async function bundle(name, folder = import.meta.url) {
  const entry = fileURLToPath(new URL(`./${name}.ts`, folder));
  const lib = { entry, formats: ['iife'], name: `alongside_${name}`, fileName: () => `${name}.js` };
  const [out] = await build({ configFile: false, root: web, logLevel: 'warn', build: { write: false, minify: false, target: 'es2022', lib } });
  return out.output[0].code;
}
