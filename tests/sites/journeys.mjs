// What a person does on the two sites, step by step. Each step ends in a state that can be waited for; the caller compares the
// agent's view after each.
import { PERSON } from './sites.mjs';

const FLOW = [
  { id: 'a1', type: 'tab', label: 'Greenhouse' },
  {
    id: 'b1', type: 'inject', z: 'a1', name: 'dawn', props: [{ p: 'payload' }], payload: 'the lamps are on', payloadType: 'str',
    once: true, onceDelay: 0.2, repeat: '', crontab: '', topic: '', x: 160, y: 120, wires: [['c1']],
  },
  {
    id: 'c1', type: 'debug', z: 'a1', name: 'notice board', active: true, tosidebar: true, console: false, complete: 'payload',
    targetType: 'msg', x: 420, y: 120, wires: [],
  },
];

/** node-red's editor: log in, search, add, edit, deploy, and see what the server sends back live. */
export const nodeRed = [
  {
    name: 'log-in page',
    run: async (page) => void (await page.waitForSelector('#node-dialog-login-username')),
  },
  {
    name: 'log in',
    run: async (page) => {
      await page.fill('#node-dialog-login-username', PERSON.name);
      await page.fill('#node-dialog-login-password', PERSON.password);
      await page.click('#node-dialog-login-submit');
      await page.waitForSelector('.red-ui-palette-node[data-palette-type="inject"]');
      await page.waitForSelector('#red-ui-loading-progress', { state: 'hidden' });
    },
  },
  {
    name: 'search the palette',
    run: async (page) => {
      const search = page.locator('#red-ui-palette-search input:visible').first();
      await search.pressSequentially('inject');
      await page.waitForSelector('.red-ui-palette-node[data-palette-type="debug"]', { state: 'hidden' });
      for (let i = 0; i < 'inject'.length; i++) await search.press('Backspace');
      await page.waitForSelector('.red-ui-palette-node[data-palette-type="debug"]', { state: 'visible' });
    },
  },
  {
    name: 'add a flow',
    run: async (page) => {
      await page.click('#red-ui-header-button-sidemenu');
      await page.click('#menu-item-import');
      await page.fill('#red-ui-clipboard-dialog-import-text', JSON.stringify(FLOW));
      await page.press('#red-ui-clipboard-dialog-import-text', 'End');
      await page.click('#red-ui-clipboard-dialog-ok');
      await page.click('#red-ui-workspace-tabs >> text=Greenhouse');
      await page.waitForSelector('.red-ui-flow-node-label:has-text("dawn")');
    },
  },
  {
    name: 'edit a node',
    run: async (page) => {
      await page.dblclick('.red-ui-flow-node-label:has-text("dawn")', { force: true });
      await page.waitForSelector('#node-input-name');
      await page.fill('#node-input-name', 'first light');
      await page.click('#node-dialog-ok');
      await page.waitForSelector('.red-ui-flow-node-label:has-text("first light")');
      await page.waitForSelector('.red-ui-tray', { state: 'detached' });
    },
  },
  {
    name: 'deploy, and watch what comes back',
    run: async (page) => {
      await page.click('#red-ui-tab-debug-link-button, [title="Debug messages"]');
      await page.click('#red-ui-header-button-deploy');
      await page.waitForSelector('.red-ui-debug-msg:has-text("the lamps are on")');
    },
  },
];

/** verdaccio's pages: log in, a package that appears, search, its page, its versions, another theme. `publish` adds a package from outside. */
export const verdaccio = (publish) => [
  {
    name: 'empty shelf',
    run: async (page) => void (await page.waitForSelector('text=No Package Published Yet')),
  },
  {
    name: 'log in',
    run: async (page) => {
      await page.click('[data-testid="header--button-login"]');
      await page.fill('#login--dialog-username', PERSON.name);
      await page.fill('#login--dialog-password', PERSON.password);
      await page.click('#login--dialog-button-submit');
      await page.waitForSelector('[data-testid="logInDialogIcon"]');
    },
  },
  {
    name: 'a package appears',
    run: async (page) => {
      await publish('watering-can', '1.0.0', '# Watering can\n\nHolds **five** litres.');
      await publish('garden-hose', '2.1.0', '# Garden hose\n\nTwenty metres.');
      await page.reload();
      await page.waitForSelector('text=watering-can');
    },
  },
  {
    name: 'search',
    run: async (page) => {
      await page.fill('#search-header-suggest', 'water');
      await page.waitForSelector('[role="listbox"] >> text=watering-can');
    },
  },
  {
    name: 'package page',
    run: async (page) => {
      await page.click('[role="listbox"] >> text=watering-can');
      await page.waitForSelector('text=Holds five litres');
    },
  },
  {
    name: 'a new version appears',
    run: async (page) => {
      await publish('watering-can', '1.1.0', '# Watering can\n\nHolds **ten** litres.');
      await page.reload();
      await page.waitForSelector('text=Holds ten litres');
    },
  },
  {
    name: 'another theme',
    run: async (page) => {
      await page.click('[data-testid="header--button--dark"], [data-testid="header--button--light"]');
      await page.waitForFunction(() => getComputedStyle(document.body).backgroundColor !== 'rgb(243, 243, 243)');
    },
  },
];
