// Keeps verdicts up to date: whatever is told is told by those of now.
import type { NodeId } from '../../shared/protocol/page';
import type { MaskSite } from '../../shared/protocol/rules';
import * as dom from '../../shared/dom';
import type { Handover } from '../handover';
import { isMasked, type Verdict, Verdicts } from '../privacy/verdicts';
import type { Tree } from './tree';
import type { Twin } from './twin';

export class Judge {
  readonly verdicts: Verdicts;
  /** Verdict of the frame element that holds the page, where somebody else announced it. */
  outer: Verdict = 0;
  /** What was told was told by rules that hold no longer: nothing more is told before the next snapshot. */
  outdated = false;
  /** Elements that may have another verdict. */
  private readonly unjudged = new Set<Element>();

  constructor(
    private readonly handoverOf: (document: Document) => Handover,
    private readonly tree: () => Tree,
  ) {
    const told = (element: Element) => this.tree().of(element) !== undefined;
    this.verdicts = new Verdicts((at) => this.addressOf(at), (at) => this.around(at), told);
  }

  /** From here on these rules hold. */
  take(sites: readonly MaskSite[], outer: Verdict): void {
    this.verdicts.take(sites);
    this.outer = outer;
    this.outdated = true;
  }

  /** The page is told as a whole, by the rules of now. */
  begin(): void {
    this.unjudged.clear();
    this.outdated = false;
  }

  /** An attribute changed. */
  attribute(element: Element, name: string): void {
    if (this.verdicts.decides(element, name)) this.unjudged.add(element);
  }

  /** Fields may have something else in them. */
  fields(twins: Iterable<Twin>): void {
    for (const { node, verdict } of twins) if (this.verdicts.leaks(node as Element, verdict)) this.unjudged.add(node as Element);
  }

  /** Whether other rules hold for a document than those by which it was told. */
  look(roots: Iterable<Twin>): boolean {
    for (const { node } of roots) if (dom.nodeType(node) === dom.DOCUMENT && this.verdicts.outdated(node as Document)) this.outdated = true;
    return this.outdated;
  }

  /** Takes back what is told otherwise from now on. */
  settle(): void {
    const tree = this.tree();
    for (const element of this.unjudged) {
      const twin = tree.of(element);
      if (twin) for (const changed of tree.review(twin, twin.parent)) tree.anew(changed);
    }
    this.unjudged.clear();
  }

  /** The verdict of an element as it is now, told or not. */
  of(element: Element): Verdict {
    const way: Node[] = [];
    for (let at: Node | null = element; at; at = this.above(at)) way.push(at);
    return way.reduceRight((outer, node) => this.verdicts.of(node, outer), this.outer);
  }

  /** The verdict by which a node was told. */
  told(id: NodeId): Verdict | undefined {
    const node = this.tree().node(id);
    return node ? this.tree().of(node)?.verdict : undefined;
  }

  /** All of the page is masked but what a rule shows. */
  get private(): boolean {
    return isMasked(this.verdicts.of(document, 0));
  }

  /** What a node is in, as verdicts are inherited. */
  private above(node: Node): Node | null {
    switch (dom.nodeType(node)) {
      case dom.FRAGMENT:
        return (node as ShadowRoot).host ?? null;
      case dom.DOCUMENT:
        return this.tree().of(node)?.parent?.node ?? dom.defaultView(node as Document)?.frameElement ?? null;
      default:
        return dom.parentNode(node);
    }
  }

  /** The site's own address of a document; null: it has none. */
  private addressOf(at: Document): string | null {
    const { native, unmap } = this.handoverOf(at);
    const address = native.documentURL(at);
    return address.startsWith('about:') ? null : unmap(address);
  }

  private around(at: Document): Document | null {
    const frame = this.tree().of(at)?.parent?.node;
    return frame ? dom.ownerDocument(frame) : null;
  }
}
