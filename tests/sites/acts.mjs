// Each kind of act that the two sites have something for: in shared mode an agent does it, in view-only the same act is denied, nothing happens, and the
// visitor does it. Steps go on from one another.
import { PERSON } from './sites.mjs';

const at = [0.5, 0.5];
const shown = (selector) => (page) => page.locator(selector).first().isVisible();
const test = (id) => ({ 'data-testid': id });

/** A step: `act` gives the act, `done` whether the page shows it, `person` does it at the visitor's. `before` is the visitor's own. */
const click = (attributes, selector, done) => ({
  kind: 'click',
  act: async (hands) => ({ a: 'click', node: await hands.node(attributes), at, count: 1 }),
  done,
  person: (page) => page.click(selector),
});

const type = (attributes, selector, text) => ({
  kind: 'type',
  act: async (hands) => ({ a: 'type', node: await hands.node(attributes), strokes: [{ text }] }),
  done: async (page) => (await page.inputValue(selector)) === text,
  person: (page) => page.fill(selector, text),
});

const scrolled = (selector) => (page) => page.evaluate((s) => (s ? document.querySelector(s) : document.scrollingElement).scrollTop > 50, selector);

/** To another address and back: `there` and `here` tell by the address. */
const roundTrip = (address, there) => {
  const isThere = async (page) => page.url().includes(there);
  return [
    { kind: 'navigate', act: async () => ({ a: 'navigate', url: address }), done: isThere, person: (page) => page.goto(new URL(there, page.url()).href) },
    {
      kind: 'back',
      act: async () => ({ a: 'back' }),
      done: async (page) => !(await isThere(page)),
      // A page may have put steps of its own into the history.
      person: async (page) => {
        while (await isThere(page)) await page.goBack();
      },
    },
    { kind: 'forward', act: async () => ({ a: 'forward' }), done: isThere, person: (page) => page.goForward() },
  ];
};

export const nodeRedActs = (origin) => [
  type({ id: 'node-dialog-login-username' }, '#node-dialog-login-username', PERSON.name),
  {
    kind: 'submit',
    before: (page) => page.fill('#node-dialog-login-password', PERSON.password),
    act: async (hands) => ({ a: 'submit', node: await hands.node({ id: 'node-dialog-login-fields' }) }),
    done: async (page) => (await page.locator('.red-ui-palette-node[data-palette-type="inject"]').count()) > 0 && !(await page.locator('#red-ui-loading-progress').isVisible()),
    person: (page) => page.click('#node-dialog-login-submit'),
  },
  {
    kind: 'scroll',
    act: async (hands) => ({ a: 'scroll', node: await hands.node({ id: 'red-ui-palette-container' }), to: [0, 0.5] }),
    done: scrolled('#red-ui-palette-container'),
    person: (page) => page.evaluate(() => document.querySelector('#red-ui-palette-container').scrollTo(0, 200)),
  },
  click({ id: 'red-ui-header-button-sidemenu' }, '#red-ui-header-button-sidemenu', shown('#menu-item-user-settings')),
  click({ id: 'menu-item-user-settings' }, '#menu-item-user-settings', shown('#user-settings-view-show-grid')),
  {
    kind: 'check',
    act: async (hands) => ({ a: 'check', node: await hands.node({ id: 'user-settings-view-show-grid' }), checked: false }),
    done: async (page) => !(await page.isChecked('#user-settings-view-show-grid')),
    person: (page) => page.uncheck('#user-settings-view-show-grid'),
  },
  {
    kind: 'choose',
    act: async (hands) => ({ a: 'choose', node: await hands.node({ id: 'user-settings-editor-language' }), choice: { options: [await hands.node({ value: 'de' }, 'option')] } }),
    done: async (page) => (await page.inputValue('#user-settings-editor-language')) === 'de',
    person: (page) => page.selectOption('#user-settings-editor-language', 'de'),
  },
  ...roundTrip(`${origin}/?again`, '/?again'),
];

export const verdaccioActs = (origin) => [
  click(test('header--button-login'), '[data-testid="header--button-login"]', shown('#login--dialog-username')),
  type({ id: 'login--dialog-username' }, '#login--dialog-username', PERSON.name),
  {
    kind: 'submit',
    before: (page) => page.fill('#login--dialog-password', PERSON.password),
    act: async (hands) => ({ a: 'submit', node: await hands.node({ id: 'login--dialog-username' }) }),
    done: shown('[data-testid="logInDialogIcon"]'),
    person: (page) => page.click('#login--dialog-button-submit'),
  },
  ...roundTrip(`${origin}/-/web/detail/watering-can`, '/-/web/detail/watering-can'),
  {
    kind: 'scroll',
    before: async (page) => {
      await page.setViewportSize({ width: 1280, height: 300 });
      await page.waitForSelector('text=Holds');
    },
    act: async (hands) => ({ a: 'scroll', node: await hands.document(), to: [0, 0.5] }),
    done: scrolled(null),
    person: (page) => page.evaluate(() => scrollTo(0, 400)),
  },
];
