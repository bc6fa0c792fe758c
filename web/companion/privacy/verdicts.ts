// What agents may see of each element, as `src/wash/` decides it once more: shown, masked or hidden, inherited by all that is within it, shadow
// trees and frames included.
import * as dom from '../../shared/dom';
import type { MaskSite } from '../../shared/protocol/rules';
import { MaskRules, type Holding } from './rules';
import { Secrets } from './secrets';

/** A verdict: a set of the bits below. What is within an element has all bits of it, and its own. */
export type Verdict = number;

const HIDE = 1;
const MASK = 2;
const SHOW = 4;
/** The site is private. */
const PRIVATE = 8;
/** Masked by a rule or an attribute of its own, whatever it is in; not inherited. */
const OWN = 16;

/** A box of the same size is all that is told. */
export function isHidden(verdict: Verdict): boolean {
  return (verdict & HIDE) !== 0;
}

/** Stars are told in place of texts and values. */
export function isMasked(verdict: Verdict): boolean {
  return (verdict & MASK) !== 0 || (verdict & (PRIVATE | SHOW)) === PRIVATE;
}

/** Masked by itself: the server is told so, since what its selector looked at may be masked. */
export function isOwn(verdict: Verdict): boolean {
  return (verdict & OWN) !== 0;
}

/** What is told under one verdict is what is told under the other. */
export function isSame(a: Verdict, b: Verdict): boolean {
  if (isHidden(a) || isHidden(b)) return isHidden(a) === isHidden(b);
  return isMasked(a) === isMasked(b) && isOwn(a) === isOwn(b);
}

/** `autocomplete` words of fields that hold secrets. */
const SECRET = /(^|\s)(one-time-code|current-password|new-password|cc-\S*)(\s|$)/i;

/** Those of them whose value is secret wherever it stands; a name on a card is not. */
const SECRET_ANYWHERE = /(^|\s)(one-time-code|current-password|new-password|cc-number|cc-csc)(\s|$)/i;

const FIELDS: ReadonlySet<string | null> = new Set(['input', 'textarea', 'select']);

/** Fields that were masked or hidden once: what was typed is still in them, whatever the page makes of them. */
const once = new WeakSet<Element>();

/** The element is a field. */
export function isField(element: Element): boolean {
  return FIELDS.has(dom.htmlName(element));
}

/** A field of secrets, which is masked without any rule. */
function isSecret(field: Element, words = SECRET): boolean {
  const password = dom.htmlName(field) === 'input' && dom.inputType(field as HTMLInputElement) === 'password';
  return password || words.test(dom.getAttribute(field, 'autocomplete') ?? '');
}

/** Decides for the elements of a page. */
export class Verdicts {
  private rules = new MaskRules([]);
  private readonly holdings = new WeakMap<Document, Holding>();
  private readonly secrets: Secrets;

  constructor(
    /** The site's own address of a document; null: it has none, and is judged as the document around it. */
    private readonly address: (document: Document) => string | null,
    private readonly around: (document: Document) => Document | null,
    /** The element is told of. */
    told: (element: Element) => boolean,
  ) {
    this.secrets = new Secrets(told);
  }

  /** From here on these rules hold: what was told before has to be told anew. */
  take(sites: readonly MaskSite[]): void {
    const probe = document.createElementNS(dom.HTML, 'p');
    this.rules = new MaskRules(sites, (selector) => {
      try {
        dom.matches(probe, selector);
        return true;
      } catch {
        return false;
      }
    });
  }

  /** The verdict of a node within one that has the verdict `outer`. */
  of(node: Node, outer: Verdict): Verdict {
    switch (dom.nodeType(node)) {
      case dom.ELEMENT:
        return this.element(node as Element, outer);
      case dom.DOCUMENT:
        return (outer & ~OWN) | (this.holding(node).private ? PRIVATE : 0);
      default:
        return outer & ~OWN;
    }
  }

  /** A document is told from here on, by the rules that hold for its address now. */
  open(document: Document): void {
    this.holdings.set(document, this.now(document));
    // Before the fields that stand in front of them.
    for (const field of dom.all(document, 'input[type=password i]')) this.secrets.note(field);
  }

  /** A field that is shown has what a secret one has. */
  leaks(field: Element, verdict: Verdict): boolean {
    return !isMasked(verdict) && !isHidden(verdict) && isField(field) && this.secrets.isIn(field);
  }

  /** Other rules hold for a document than those by which it was told: its address is another one. */
  outdated(document: Document): boolean {
    const holding = this.holdings.get(document);
    return holding !== undefined && holding !== this.now(document);
  }

  /** A change of this attribute may change the verdict of an element. */
  decides(element: Element, attribute: string): boolean {
    return this.holding(element).decides(attribute);
  }

  /** The verdict of an element may depend on what it is in, and not only by inheritance. */
  deep(node: Node): boolean {
    return this.holding(node).deep;
  }

  private element(element: Element, outer: Verdict): Verdict {
    const { hide, mask, show } = this.holding(element);
    let verdict = outer & ~OWN;
    if ((hide && dom.matches(element, hide)) || dom.hasAttribute(element, 'data-alongside-hide')) verdict |= HIDE;
    if ((mask && dom.matches(element, mask)) || dom.hasAttribute(element, 'data-alongside-mask')) verdict |= MASK | OWN;
    if (show && dom.matches(element, show)) verdict |= SHOW;
    // No star stands for a picture.
    if (isMasked(verdict) && dom.htmlName(element) === 'canvas') return verdict | HIDE;
    if (!isField(element)) return verdict;
    if (isSecret(element, SECRET_ANYWHERE)) this.secrets.note(element);
    if (once.has(element) || isSecret(element) || this.secrets.isIn(element)) verdict |= MASK;
    if (isMasked(verdict) || isHidden(verdict)) once.add(element);
    return verdict;
  }

  private holding(node: Node): Holding {
    const document = dom.nodeType(node) === dom.DOCUMENT ? (node as Document) : (dom.ownerDocument(node) as Document);
    return this.holdings.get(document) ?? this.now(document);
  }

  private now(document: Document): Holding {
    for (let at: Document | null = document; at; at = this.around(at)) {
      const address = this.address(at);
      if (address !== null) return this.rules.of(address);
    }
    return this.rules.of('');
  }
}
