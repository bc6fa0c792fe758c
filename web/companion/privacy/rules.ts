// Which rules hold for which document: those of the first site that covers its address, else those of the site that the session started at.
import type { MaskAction, MaskRule, MaskSite } from '../../shared/protocol/rules';
import { covers, readPattern, type Pattern } from './pattern';

/** The rules that hold for a document. The same rules are the same object. */
export interface Holding {
  /** All is masked but what a rule shows. */
  readonly private: boolean;
  /** One selector for each; empty: none. */
  readonly hide: string;
  readonly mask: string;
  readonly show: string;
  /** What an element is may depend on elements that it is in. */
  readonly deep: boolean;
  /** Whether a change of this attribute may change what an element is. */
  decides(attribute: string): boolean;
}

interface Rule {
  selector: string;
  action: MaskAction;
  pages: Pattern[] | null;
}

interface Site {
  scope: Pattern[];
  private: boolean;
  rules: Rule[];
}

const Address = URL;

/** The sites' masks, as the server told them last. */
export class MaskRules {
  private readonly sites: Site[];
  private readonly holdings = new Map<string, Holding>();

  /** `readable`: the browser can read a selector. One that it cannot read masks or hides everything, and shows nothing. */
  constructor(sites: readonly MaskSite[], readable: (selector: string) => boolean = () => true) {
    this.sites = sites.map(({ scope, private: all, rules }) => ({ scope: patterns(scope), private: all, rules: rules.flatMap((rule) => readRule(rule, readable)) }));
  }

  /** Those for a document of this address, the site's own. */
  of(address: string): Holding {
    const url = Address.canParse(address) ? new Address(address) : null;
    const covering = url ? this.sites.findIndex(({ scope }) => scope.some((pattern) => covers(pattern, url))) : -1;
    const index = Math.max(0, covering);
    const site = this.sites[index];
    if (!site) return NONE;
    const rules = site.rules.filter(({ pages }) => pages === null || (url && pages.some((pattern) => covers(pattern, url))));
    const key = [index, ...rules.map((rule) => site.rules.indexOf(rule))].join(' ');
    let known = this.holdings.get(key);
    if (!known) this.holdings.set(key, (known = holding(site.private, rules)));
    return known;
  }
}

function readRule({ selector, action, pages }: MaskRule, readable: (selector: string) => boolean): Rule[] {
  const holds = pages.length ? patterns(pages) : null;
  if (readable(selector)) return [{ selector, action, pages: holds }];
  return action === 'show' ? [] : [{ selector: '*', action, pages: holds }];
}

function patterns(texts: readonly string[]): Pattern[] {
  return texts.flatMap((text) => readPattern(text) ?? []);
}

function holding(all: boolean, rules: readonly Rule[]): Holding {
  const joined = (action: MaskAction): string => rules.filter((rule) => rule.action === action).map(({ selector }) => selector).join(', ');
  const text = rules.map(({ selector }) => selector).join(', ').toLowerCase();
  return { private: all, hide: joined('hide'), mask: joined('mask'), show: joined('show'), deep: isDeep(text), decides: decider(text) };
}

/** Has a combinator; white space about commas and within brackets is none. Where that is not sure, it counts as one. */
function isDeep(selectors: string): boolean {
  return /[>+~|\\]/.test(selectors) || /\s/.test(selectors.replace(/\s*([,=])\s*|([([])\s+|\s+(?=[)\]])/g, '$1$2').trim());
}

/** Attributes that rules may name. Where an escape may hide a name, all count. */
function decider(selectors: string): (attribute: string) => boolean {
  const always = new Set(['data-alongside-mask', 'data-alongside-hide', 'type', 'autocomplete']);
  if (selectors.includes('\\')) return () => true;
  const classes = selectors.includes('.');
  const ids = selectors.includes('#');
  return (attribute) => {
    const name = attribute.toLowerCase();
    return always.has(name) || (classes && name === 'class') || (ids && name === 'id') || selectors.includes(name);
  };
}

const NONE = holding(false, []);
