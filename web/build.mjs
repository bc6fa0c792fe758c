// Builds everything that browsers get, into dist/:
//   dist/control/  console, join and administration pages, and help.js for sites' own pages, for the control origin
//   dist/viewer/   the agent's view, for viewer origins
//   dist/screen/   the visitor's page in image mode, for screen origins
//   dist/view/     shim.js and companion.js, classic scripts for view origins (one file each, no imports left)
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build } from 'vite';

const common = { configFile: false, logLevel: 'warn', plugins: [svelte()] };
const target = 'es2022';
const rolldownOptions = { checks: { pluginTimings: false } };

await build({
  ...common,
  root: '.',
  base: '/',
  build: {
    target,
    outDir: 'dist/control',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { ...rolldownOptions, input: { console: 'console/index.html', join: 'join/index.html', admin: 'admin/index.html' } },
  },
});
for (const root of ['viewer', 'screen']) {
  await build({
    ...common,
    root,
    base: '/',
    build: { target, outDir: `../dist/${root}`, emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false }, rolldownOptions },
  });
}
for (const [folder, name, entry] of [['control', 'help', 'help/main.ts'], ['view', 'shim', 'companion/shim/main.ts'], ['view', 'companion', 'companion/main.ts']]) {
  await build({
    ...common,
    build: {
      target,
      outDir: `dist/${folder}`,
      rolldownOptions,
      emptyOutDir: name === 'shim',
      lib: { entry, formats: ['iife'], name: `alongside_${name}`, fileName: () => `${name}.js` },
    },
  });
}
