// An agent's hands without the view: a socket of its own, opened on the viewer's origin as the view does, that asks for acts and hears what became
// of them. So tests can ask for what no view would.
import assert from 'node:assert/strict';
import { until } from './journey.mjs';

/** Runs in the page: keeps what the socket tells. */
function listen(path) {
  const socket = new WebSocket(new URL(path, location.href.replace(/^http/, 'ws')));
  const heard = { seq: 0, nodes: new Map(), outcomes: new Map(), session: null, locks: [], focus: null, notes: new Map() };
  const take = (records) => {
    for (const { id, node, parent } of records) heard.nodes.set(id, { ...node, parent });
  };
  const on = {
    events({ seq, events }) {
      heard.seq = seq;
      for (const event of events) {
        if (event.t === 'snapshot') heard.nodes.clear();
        if (event.t === 'snapshot' || event.t === 'add') take(event.nodes);
        if (event.t === 'remove') heard.nodes.delete(event.node);
        const node = heard.nodes.get(event.node);
        if (event.t === 'text' && node) node.text = event.text;
        if (event.t === 'move' && node) node.parent = event.parent;
        if (event.t === 'attribute' && node) node.attrs = [...(node.attrs ?? []).filter(([name]) => name !== event.name), ...(event.value === null ? [] : [[event.name, event.value]])];
      }
    },
    session: (message) => (heard.session = message),
    locks: ({ locks }) => (heard.locks = locks),
    notes: ({ notes }) => (heard.notes = new Map(notes.map((note) => [note.id, note]))),
    note: ({ note }) => heard.notes.set(note.id, note),
    noteGone: ({ id }) => heard.notes.delete(id),
    outcome: ({ n, outcome }) => heard.outcomes.set(n, [...(heard.outcomes.get(n) ?? []), outcome.o === 'denied' ? outcome.reason : outcome.o]),
  };
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(data);
    on[message.t]?.(message);
  });
  window.hands = {
    heard,
    opened: new Promise((done) => socket.addEventListener('open', done)),
    send: (message) => socket.send(JSON.stringify(message)),
    find({ text, ...attributes }, name) {
      const says = (id) => [...heard.nodes.values()].some((node) => node.k === 'text' && node.parent === id && node.text.trim() === text);
      const fits = (node, id) => node.k === 'element' && (!name || node.name === name) && (text === undefined || says(id)) && Object.entries(attributes).every(([key, value]) => node.attrs?.some(([k, v]) => k === key && v === value));
      return [...heard.nodes].find(([id, node]) => fits(node, id))?.[0] ?? null;
    },
    /** The first text in an element. */
    text: (element) => [...heard.nodes].find(([, node]) => node.k === 'text' && node.parent === element && node.text.trim())?.[0] ?? null,
    document: () => [...heard.nodes].find(([, node]) => node.k === 'document')?.[0] ?? null,
  };
}

export class Hands {
  constructor(page) {
    this.page = page;
    this.last = 0;
  }

  /** Those of an agent in a session, as soon as it has a page. */
  static async open(agent, session) {
    const path = `/api/sessions/${session.id}/viewer`;
    const { url } = await agent.page.evaluate(async (p) => (await fetch(p, { method: 'POST', headers: { 'content-type': 'application/json' } })).json(), path);
    const page = await agent.page.context().newPage();
    // The view itself stays away.
    await page.route('**/assets/**', (route) => route.abort());
    await page.goto(url, { waitUntil: 'commit' });
    const hands = new Hands(page);
    await page.evaluate(listen, new URL('socket', url).pathname);
    await until('the page is there', () => page.evaluate(() => window.hands.heard.nodes.size > 0 && window.hands.heard.session !== null));
    return hands;
  }

  close = () => this.page.close();
  session = () => this.page.evaluate(() => window.hands.heard.session);
  locks = () => this.page.evaluate(() => window.hands.heard.locks);
  seen = () => this.page.evaluate(() => window.hands.heard.seq);
  outcomes = (n) => this.page.evaluate((m) => window.hands.heard.outcomes.get(m) ?? [], n);

  /** The node of an element by its attributes, and by the text in it as `text`, once it is there. */
  node(attributes, name) {
    return until(`${name ?? 'an element'} ${JSON.stringify(attributes)}`, () => this.page.evaluate(([a, n]) => window.hands.find(a, n), [attributes, name]));
  }

  document = () => this.page.evaluate(() => window.hands.document());

  /** Asks for an act; gives its number. `seen`: the last message that the agent had seen; absent: all that came. */
  async begin(act, seen = undefined) {
    this.last += 1;
    await this.page.evaluate(([n, a, s]) => window.hands.send({ t: 'act', n, seen: s ?? window.hands.heard.seq, act: a }), [this.last, act, seen]);
    return this.last;
  }

  /** Puts a note; gives its number in the session. */
  async note(note) {
    this.last += 1;
    const before = await this.page.evaluate(([n, note]) => {
      const { heard, send } = window.hands;
      send({ t: 'note', n, note });
      return [...heard.notes.keys()];
    }, [this.last, note]);
    assert.equal(await this.outcome(this.last), 'done', JSON.stringify(note));
    return until('the note is told', () => this.page.evaluate((before) => [...window.hands.heard.notes.keys()].find((id) => !before.includes(id)), before));
  }

  /** The first text in an element. */
  textIn = (element) => until('a text', () => this.page.evaluate((e) => window.hands.text(e), element));

  /** Waits for an outcome; gives the last. */
  async outcome(n, wanted = (outcomes) => outcomes.length > 0 && outcomes.at(-1) !== 'asking') {
    return until(`the outcome of ${n}`, async () => {
      const outcomes = await this.outcomes(n);
      return wanted(outcomes) && outcomes.at(-1);
    });
  }

  do = async (act, seen = undefined) => this.outcome(await this.begin(act, seen));
}
