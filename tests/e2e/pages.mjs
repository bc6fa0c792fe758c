// Every page of the demo's shop: its name, its path, what a person does there, and whether it has a masked field.

export const PAGES = [
  ['catalogue', '/'],
  ['catalogue, scrolled', '/?kind=cups', (page) => page.evaluate(() => scrollTo(0, 300))],
  ['search', '/search?q=tea', (page) => page.getByText('things found').waitFor()],
  ['product', '/product/round-teapot'],
  ['basket', '/product/tea-bowl', async (page) => {
    await page.getByRole('button', { name: 'Add to basket' }).click();
    await page.getByRole('heading', { name: 'Basket' }).waitFor();
  }],
  ['log-in', '/log-in', (page) => page.getByLabel('Password').fill('fern'), true],
  ['account', '/log-in', async (page) => {
    await page.getByLabel('Name').fill('robin');
    await page.getByLabel('Password').fill('fern');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('heading', { name: 'Good morning' }).waitFor();
  }],
  ['checkout', '/checkout', async (page) => {
    await page.getByLabel('Full name').fill('Robin Field');
    await page.getByLabel('By courier').check();
    await page.getByLabel('Password').fill('fern');
  }, true],
  ['thanks', '/checkout/thanks'],
  ['finder', '/finder/strong', (page) => page.getByRole('heading', { name: 'Bramble blend' }).waitFor()],
  ['studio', '/studio'],
  ['gift card', '/gift-card', (page) => page.frameLocator('#pay').getByText('Pebble Pay').waitFor()],
  ['upload', '/upload'],
  ['oddments', '/oddments'],
  ['everything', '/everything'],
  ['not found', '/nowhere'],
];
