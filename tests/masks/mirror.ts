// The page as it was told, kept from events alone: what the server knows of it.
import { hashTree, type Described } from '../../web/shared/hash';
import type { NodeId, NodeRecord, PageEvent } from '../../web/shared/protocol/page';

interface Told extends NodeRecord {
  children: NodeId[];
  inner: NodeId | null;
}

export class Mirror {
  private readonly nodes = new Map<NodeId, Told>();
  private root: NodeId | null = null;

  apply(event: PageEvent): void {
    switch (event.t) {
      case 'snapshot':
        this.nodes.clear();
        this.root = event.nodes[0]?.id ?? null;
        event.nodes.forEach((record) => this.add(record));
        break;
      case 'add':
        event.nodes.forEach((record) => this.add(record));
        break;
      case 'remove':
        this.remove(event.node);
        break;
      case 'move': {
        const node = this.of(event.node);
        this.detach(node);
        this.place(Object.assign(node, { parent: event.parent, before: event.before }));
        break;
      }
      case 'attribute': {
        const { node } = this.of(event.node);
        if (node.k !== 'element') throw new Error('attribute of no element');
        node.attrs = (node.attrs ?? []).filter(([name]) => name !== event.name);
        if (event.value !== null) node.attrs.push([event.name, event.value]);
        break;
      }
      case 'text': {
        const { node } = this.of(event.node);
        if (node.k === 'text') node.text = event.text;
        break;
      }
      case 'state': {
        const told = this.of(event.node);
        told.state = { ...told.state, ...event.state };
        break;
      }
    }
  }

  /** Everything that is told of it now. */
  text(): string {
    return JSON.stringify([...this.nodes.values()]);
  }

  node(id: NodeId): Told | undefined {
    return this.nodes.get(id);
  }

  hash(): number {
    return hashTree<NodeId>(this.root, {
      describe: (id) => this.describe(this.of(id)),
      inner: (id) => this.of(id).inner,
      first: (id) => this.of(id).children[0] ?? null,
      next: (id) => {
        const { parent } = this.of(id);
        const siblings = parent === undefined ? [] : this.of(parent).children;
        const at = siblings.indexOf(id);
        return at < 0 ? null : (siblings[at + 1] ?? null);
      },
    });
  }

  private describe({ node, state }: Told): Described {
    switch (node.k) {
      case 'document':
        return { k: 'document', quirks: node.quirks ?? false, adopted: [] };
      case 'shadowRoot':
        return { k: 'shadowRoot', adopted: [] };
      case 'element':
        return { k: 'element', name: node.name, ns: node.ns ?? 'html', attrs: node.attrs ?? [], ...(state && { state }) };
      default:
        return node;
    }
  }

  private of(id: NodeId): Told {
    const told = this.nodes.get(id);
    if (!told) throw new Error(`node ${id} was not told`);
    return told;
  }

  private add(record: NodeRecord): void {
    const told = { ...structuredClone(record), children: [], inner: null };
    this.nodes.set(record.id, told);
    this.place(told);
  }

  private place(told: Told): void {
    if (told.parent === undefined) return;
    const parent = this.of(told.parent);
    if (told.node.k === 'document' || told.node.k === 'shadowRoot') parent.inner = told.id;
    else if (told.before === undefined) parent.children.push(told.id);
    else parent.children.splice(parent.children.indexOf(told.before), 0, told.id);
  }

  private detach({ id, parent }: Told): void {
    const around = parent === undefined ? undefined : this.nodes.get(parent);
    if (!around) return;
    if (around.inner === id) around.inner = null;
    around.children = around.children.filter((child) => child !== id);
  }

  private remove(id: NodeId): void {
    const told = this.of(id);
    this.detach(told);
    const all = [id];
    for (let at = all.pop(); at !== undefined; at = all.pop()) {
      const { children, inner } = this.of(at);
      all.push(...children, ...(inner === null ? [] : [inner]));
      this.nodes.delete(at);
    }
  }
}
