// What the viewer's page tells the console around it, told from what is no message of its.
import type { ActKind, Denial } from '../shared/protocol/act';
import type { Hand, ViewerToConsole, Zoom } from '../shared/protocol/frame';
import { denialWords } from '../shared/denials';

/** The page that the viewer shows. */
export type PageNote = Extract<ViewerToConsole, { t: 'page' }>;

const HANDS: Record<Hand, true> = { act: true, laser: true, label: true, element: true, area: true, text: true, freehand: true, line: true, arrow: true, rectangle: true };
const KINDS: Record<ActKind, true> = { click: true, type: true, choose: true, check: true, scroll: true, navigate: true, back: true, forward: true, submit: true };

type Fields = Partial<Record<string, unknown>>;

const isHand = (value: unknown): value is Hand => typeof value === 'string' && Object.hasOwn(HANDS, value);
const isKind = (value: unknown): value is ActKind => typeof value === 'string' && Object.hasOwn(KINDS, value);
const isDenial = (value: unknown): value is Denial => typeof value === 'string' && Object.hasOwn(denialWords, value);
const isZoom = (value: unknown): value is Zoom =>
  value === 'whole' || value === 'width' || (typeof value === 'object' && value !== null && 'percent' in value && typeof value.percent === 'number');

/** A message of the viewer, or null for what is none. */
export function parseViewerMessage(data: unknown): ViewerToConsole | null {
  if (typeof data !== 'object' || data === null) return null;
  const fields = data as Fields;
  switch (fields['t']) {
    case 'page':
      return page(fields);
    case 'link':
      return typeof fields['connected'] === 'boolean' ? { t: 'link', connected: fields['connected'] } : null;
    case 'view':
      return view(fields);
    case 'acted': {
      const { kind, denied } = fields;
      if (!isKind(kind) || !(denied === undefined || isDenial(denied))) return null;
      return { t: 'acted', kind, ...(denied !== undefined && { denied }) };
    }
    case 'refused':
      return isDenial(fields['reason']) ? { t: 'refused', reason: fields['reason'] } : null;
    case 'picture': {
      const { url } = fields;
      return typeof url === 'string' && (url === '' || url.startsWith('data:image/png;base64,')) ? { t: 'picture', url } : null;
    }
    case 'leave':
      return typeof fields['back'] === 'boolean' ? { t: 'leave', back: fields['back'] } : null;
    default:
      return null;
  }
}

function page({ url, title, width, height }: Fields): ViewerToConsole | null {
  if (typeof url !== 'string' || typeof title !== 'string' || typeof width !== 'number' || typeof height !== 'number') return null;
  return { t: 'page', url, title, width, height };
}

function view({ hand, zoom, percent, following, notes }: Fields): ViewerToConsole | null {
  if (!isHand(hand) || !isZoom(zoom) || typeof percent !== 'number' || typeof following !== 'boolean' || typeof notes !== 'number') return null;
  return { t: 'view', hand, zoom, percent, following, notes };
}
