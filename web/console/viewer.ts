// What the viewer's page tells the console around it. The frame is on an origin of its own, so each message is checked.
import type { ViewerToConsole } from '../shared/protocol/agent';

/** The page that the viewer shows. */
export type PageNote = Extract<ViewerToConsole, { t: 'page' }>;

/** A message of the viewer, or null for what is none. */
export function parseViewerMessage(data: unknown): ViewerToConsole | null {
  if (typeof data !== 'object' || data === null) return null;
  const value = data as Partial<Record<string, unknown>>;
  if (value['t'] === 'link' && typeof value['connected'] === 'boolean') return { t: 'link', connected: value['connected'] };
  const { url, title, width, height } = value;
  if (value['t'] !== 'page' || typeof url !== 'string' || typeof title !== 'string') return null;
  if (typeof width !== 'number' || typeof height !== 'number') return null;
  return { t: 'page', url, title, width, height };
}
