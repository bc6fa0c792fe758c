// The layers between a hostile page and an agent's browser, and how the test takes some of them away: at the agent's browser alone, the product has no switch for it.

/** The page is drawn in frames without a sandbox, whatever the viewer asks for. Runs in the agent's browser. */
function withoutSandbox() {
  const { setAttribute } = Element.prototype;
  Element.prototype.setAttribute = function (name, value) {
    if (String(name).toLowerCase() !== 'sandbox') setAttribute.call(this, name, value);
  };
}

/** What the companion says of the page goes to the view as it is, in place of what the server made of it. */
class Unwashed {
  #view = null;
  #seq = 0;
  #texts = 2 ** 40;
  /** Everything since the last snapshot. */
  #all = [];
  /** The view is ready: the server has sent it a page. */
  #ready = false;

  /** Listens to the visitor's page. */
  hear(visitor) {
    visitor.on('websocket', (socket) => socket.on('framesent', ({ payload }) => this.#take(JSON.parse(String(payload)))));
  }

  #take(message) {
    if (message.t !== 'events') return;
    const events = message.events.map((event) => this.#withScripts(event));
    if (events[0]?.t === 'snapshot') this.#all = [...events];
    else this.#all.push(...events);
    if (this.#ready) this.#send(events);
  }

  /** The companion does not tell what a script is made of. */
  #withScripts(event) {
    if (!event.nodes) return event;
    const nodes = event.nodes.flatMap((record) => {
      const script = record.node.k === 'element' && /^(\w+:)?script$/i.test(record.node.name);
      return script ? [record, { id: (this.#texts += 1), parent: record.id, node: { k: 'text', text: "console.log('attack-ran-script-')" } }] : [record];
    });
    return { ...event, nodes };
  }

  #send(events) {
    this.#seq += 1;
    this.#view?.send(JSON.stringify({ t: 'events', seq: this.#seq, events }));
  }

  /** Stands between the view and the server. */
  async stand(page) {
    await page.routeWebSocket(/-v\.view\.localhost/, (view) => {
      const server = view.connectToServer();
      [this.#view, this.#ready] = [view, false];
      view.onMessage((message) => {
        if (JSON.parse(String(message)).t === 'resync') this.#send(this.#all);
        else server.send(message);
      });
      server.onMessage((message) => {
        const { t, events } = JSON.parse(String(message));
        if (t === 'hash') return;
        if (t !== 'events') view.send(message);
        else if (!this.#ready && events[0]?.t === 'snapshot') {
          this.#ready = true;
          this.#send(this.#all);
        }
      });
    });
  }
}

/** `prepare` is called with the agent's page before anything is loaded, `visitor` with the visitor's; `clean`: nothing suspicious may even stand in the page. */
export const LAYERS = {
  'all layers': () => ({ context: {}, clean: true, prepare: async () => {}, visitor: () => {} }),
  'the wash alone': () => ({ context: { bypassCSP: true }, clean: true, prepare: (page) => page.addInitScript(withoutSandbox), visitor: () => {} }),
  'sandbox and CSP alone': () => {
    const unwashed = new Unwashed();
    return { context: {}, clean: false, prepare: (page) => unwashed.stand(page), visitor: (page) => unwashed.hear(page) };
  },
};
