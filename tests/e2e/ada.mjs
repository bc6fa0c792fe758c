// An administrator in the administration's pages, as the journeys use them.
import { until } from './journey.mjs';

export class Ada {
  constructor(page, server, login = server.admin) {
    this.page = page;
    this.server = server;
    this.login = login;
  }

  async signIn() {
    const { page, server, login } = this;
    await page.goto(`${server.control}/admin`);
    await page.getByLabel('Name').fill(login.name);
    await page.getByLabel('Password', { exact: true }).fill(login.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Sites', level: 1 }).waitFor();
    return this;
  }

  /** Opens a section of the menu. */
  async section(name) {
    const { page } = this;
    await page.getByRole('navigation', { name: 'Administration' }).getByRole('link', { name }).click();
    await page.getByRole('heading', { name, level: 1 }).waitFor();
  }

  /** Opens one of a site's tabs. */
  async tab(name) {
    await this.page.getByRole('navigation', { name: 'Parts of the site' }).getByRole('link', { name }).click();
  }

  /** Adds a site; its page is on show then. */
  async addSite({ name, start, pages, loads = [], networks = [] }) {
    const { page } = this;
    await this.section('Sites');
    await page.getByRole('button', { name: 'Add a site' }).click();
    await page.getByLabel('Name', { exact: true }).fill(name);
    await page.getByLabel('Start page').fill(start);
    await this.lines('Pages that may be opened', pages);
    await this.lines('What pages may load beside them', loads);
    await this.lines('Private networks', networks);
  }

  /** Writes a list as a text of many lines. */
  async lines(title, lines) {
    const part = this.page.getByRole('region', { name: title, exact: true });
    await part.getByRole('button', { name: 'Edit as text' }).click();
    await part.getByRole('textbox').fill(lines.join('\n'));
    await part.getByRole('button', { name: 'Take these lines' }).click();
  }

  /** Waits until the server has nothing against the rules, and saves them. */
  async save(comment) {
    const { page } = this;
    const button = page.getByRole('button', { name: 'Save…' });
    await until('the rules can be saved', async () => (await button.getAttribute('aria-disabled')) === 'false');
    await button.click();
    const dialog = page.getByRole('dialog', { name: 'Save these rules?' });
    await dialog.getByLabel('What did you change').fill(comment);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await this.told(/^Version \d+ holds/);
  }

  /** Waits for a short word about what happened, and gives it. */
  async told(text) {
    const word = this.page.getByRole('log', { name: 'News' }).getByText(text).first();
    await word.waitFor();
    return word.innerText();
  }

  /** Entries of the audit trail on show, each as one text. */
  async entries() {
    const rows = await this.page.locator('tbody tr').all();
    return Promise.all(rows.map(async (row) => (await row.locator('td').allInnerTexts()).join(' | ')));
  }
}
