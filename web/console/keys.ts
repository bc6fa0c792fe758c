// Keys of the live view. Single keys work only outside of text fields, and can be turned off (WCAG 2.1.4).
import { actTool, HIGHLIGHTS, LABEL, LASER, MARKS, type Standing } from './tools';

/** What a key stands for, beside the tools. */
export const KEYS = {
  undo: 'z',
  clear: 'x',
  picture: 'p',
  follow: 'f',
  bring: 'b',
  refresh: 'q',
  whole: '0',
  actual: '1',
  width: '2',
  larger: '+',
  smaller: '-',
  way: 'g',
  full: 'm',
  chat: 'c',
  people: 'o',
  address: '/',
  help: '?',
} as const;

export type Command = keyof typeof KEYS;

const KEPT = 'alongside.keys';

/** Whether single keys work in this browser. */
export function keysOn(storage: Pick<Storage, 'getItem'>): boolean {
  return storage.getItem(KEPT) !== 'off';
}

export function keepKeys(storage: Pick<Storage, 'setItem'>, on: boolean): void {
  storage.setItem(KEPT, on ? 'on' : 'off');
}

/** The command of a key. */
export function commandOf(key: string): Command | null {
  const lower = key.toLowerCase();
  return (Object.keys(KEYS) as Command[]).find((command) => KEYS[command] === lower) ?? null;
}

/** Whether a key that was pressed in `target` belongs to that: a field takes letters, a menu or a dialog its own keys. */
export function isTheirs(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.closest('input, textarea, select, dialog[open], [popover]') !== null;
}

/** Sizes of the visitor's window, in percent of its own, that are offered. */
export const ZOOMS = [50, 75, 100, 125, 150, 200];

/** The next size that is larger than this one, or smaller. */
export function stepped(percent: number, larger: boolean): number {
  const next = larger ? ZOOMS.find((one) => one > percent + 1) : ZOOMS.findLast((one) => one < percent - 1);
  return next ?? (larger ? Math.max(percent, 200) : Math.min(percent, 50));
}

/** What the dialog of shortcuts lists: a heading, and keys with what they do. */
export function shortcuts(standing: Standing): { title: string; keys: [string, string][] }[] {
  const tools = [actTool(standing), LASER, LABEL, ...HIGHLIGHTS, ...MARKS];
  const able = tools.filter(({ tool }) => tool === undefined || (standing.role !== 'supervisor' && standing.rules.tools.includes(tool)));
  return [
    { title: 'Tools', keys: able.map(({ key, hint }) => [key, hint]) },
    {
      title: 'Page',
      keys: [
        [KEYS.undo, 'Take your newest note away'],
        [KEYS.clear, 'Take all notes away'],
        [KEYS.picture, 'Save a picture'],
        [KEYS.follow, 'Follow the visitor, or look around'],
        [KEYS.bring, 'Bring the visitor here'],
        ...(standing.role === 'agent' ? [[KEYS.way, 'Page, or pictures of it'] as [string, string]] : []),
        [KEYS.address, 'Address'],
        [KEYS.refresh, 'Refresh'],
      ],
    },
    {
      title: 'Window',
      keys: [
        ['F6', 'Next region; with Shift the one before'],
        [KEYS.whole, 'Whole window'],
        [KEYS.actual, 'Its own size'],
        [KEYS.width, 'Fit width'],
        [KEYS.larger, 'Larger'],
        [KEYS.smaller, 'Smaller'],
        [KEYS.full, 'Full screen'],
        [KEYS.chat, 'Chat'],
        [KEYS.people, 'People'],
        [KEYS.help, 'This list'],
      ],
    },
  ];
}
