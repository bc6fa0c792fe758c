// What an attribute's value is, by the table that server and shim share, and how a page's value of each kind is mapped.
import { URL_ATTRIBUTES, type UrlKind } from '../../shared/table';
import { mayHoldAddress, type Addresses } from './addresses';

/** Attribute names, then elements. */
const KINDS = new Map<string, Map<string, UrlKind>>();
for (const { element, attribute, kind } of URL_ATTRIBUTES) of(attribute).set(element, kind);
// The server rewrites style sheets, so what a script says of a sheet's digest would not hold.
of('integrity').set('link', 'drop');

function of(attribute: string): Map<string, UrlKind> {
  const found = KINDS.get(attribute) ?? new Map<string, UrlKind>();
  KINDS.set(attribute, found);
  return found;
}

/** The kind of an attribute; undefined: no addresses in it. Names as the DOM has them (any case). */
export function kindOf(element: string, attribute: string): UrlKind | undefined {
  const elements = KINDS.get(attribute) ?? (/[A-Z]/.test(attribute) ? KINDS.get(attribute.toLowerCase()) : undefined);
  return elements && (elements.get(element) ?? elements.get('*') ?? elements.get(element.toLowerCase()));
}

/** How a `srcdoc`'s markup is mapped and read back. */
export interface DocumentMarkup {
  /** A whole document's markup, mapped and with the shim in it. */
  document(text: string): string;
  /** What `document` gave, as the page wrote it. */
  original(text: string): string;
}

/** Maps attribute values, and reads them back. */
export class Values {
  constructor(private readonly addresses: Addresses, private readonly markup: DocumentMarkup) {}

  /** A value that the DOM holds, as the page means it. Anything but a string stays. */
  readonly unmap = (value: unknown): unknown => (typeof value === 'string' && this.addresses.concerns(value) ? this.markup.original(value) : value);

  /** A value as the page means it, as the DOM shall hold it. */
  map(kind: UrlKind | undefined, value: string): string {
    if (kind === 'html') return this.markup.document(value);
    if (kind === undefined || !mayHoldAddress(value)) return value;
    switch (kind) {
      case 'css':
        return this.addresses.css(value);
      case 'srcset':
        return this.addresses.srcset(value);
      case 'loads':
      case 'origins':
        return value.replace(/[^\s;]+/g, (address) => this.addresses.map(address));
      case 'drop':
        return value;
      default:
        return this.addresses.map(value);
    }
  }
}
