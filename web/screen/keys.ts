// What keys of the visitor's keyboard are for the page, and which of them are the browser's own.
import type { Input } from '../shared/protocol/image';

/** What of a `KeyboardEvent` counts. */
export interface Pressed {
  key: string;
  code: string;
  location: number;
  repeat: boolean;
  altKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  /** AltGr is held, which Windows has as Ctrl and Alt. */
  altGraph: boolean;
}

/** What becomes of a key that went down. */
export type Use =
  /** The browser's: it is neither told nor stopped. */
  | 'browser'
  /** An input method, or a phone's keyboard: what it makes comes out of the field. */
  | 'text'
  /** The page is to be loaded anew. */
  | 'reload'
  /** The page's. */
  | 'page';

const ALT = 1;
const CTRL = 2;
const META = 4;
const SHIFT = 8;

/** Keys by which text comes out of an input method. */
const COMPOSING = /^(Dead|Process|Unidentified|Compose|Convert|NonConvert|HangulMode|HanjaMode|KanaMode|KanjiMode|JunjaMode|FinalMode|AllCandidates|CodeInput|SingleCandidate|PreviousCandidate|Hiragana|Katakana|Eisu|Zenkaku.*|Hankaku)$/;

/** The bits of the keys that are held. */
export function heldOf({ altKey, ctrlKey, metaKey, shiftKey }: Pick<Pressed, 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey'>): number {
  return (altKey ? ALT : 0) | (ctrlKey ? CTRL : 0) | (metaKey ? META : 0) | (shiftKey ? SHIFT : 0);
}

/** What a key that went down is for. `mac`: commands are given with Meta. */
export function useOf(pressed: Pressed, mac: boolean): Use {
  const { key } = pressed;
  if (COMPOSING.test(key)) return 'text';
  if (isWriting(pressed, mac)) return 'page';
  const command = mac ? pressed.metaKey : pressed.ctrlKey;
  if ((key === 'F5' && !command && !pressed.altKey) || (command && !pressed.shiftKey && !pressed.altKey && lower(key) === 'r')) return 'reload';
  return isBrowsers(pressed, command, mac) ? 'browser' : 'page';
}

/** It writes a character, with whatever held. */
function isWriting({ key, altKey, ctrlKey, metaKey, altGraph }: Pressed, mac: boolean): boolean {
  if ([...key].length !== 1) return false;
  if (altGraph) return true;
  return !ctrlKey && !metaKey && (!altKey || (mac && key > '\u007f'));
}

function isBrowsers({ key, code, altKey, ctrlKey, metaKey, shiftKey }: Pressed, command: boolean, mac: boolean): boolean {
  // Full screen, tools, and the way out of the picture.
  if (key === 'F6' || key === 'F11' || key === 'F12') return true;
  // What is copied and pasted comes as an event of its own.
  if (command && !altKey && /^[cxv]$/.test(lower(key))) return true;
  if ((key === 'Insert' && (ctrlKey || shiftKey)) || (key === 'Delete' && shiftKey && !mac)) return true;
  // Back and forward.
  if (!mac && altKey && !ctrlKey && /^Arrow(Left|Right)$/.test(key)) return true;
  if (mac && metaKey && (key === '[' || key === ']')) return true;
  // The address bar.
  if (altKey && !ctrlKey && !metaKey && code === 'KeyD' && !mac) return true;
  if (!command) return mac ? ctrlKey && key === 'Tab' : altKey && key === 'F4';
  // Tabs, windows, zoom, printing, tools.
  return /^([tnwlpqjm,0-9+=-]|tab|pageup|pagedown|f4)$/.test(lower(key)) || (shiftKey && /^Key[IJCBNTRM]$/.test(code));
}

/** A key as the page on the server, a Linux one, is to get it. */
export function inputOf(pressed: Pressed, down: boolean, mac: boolean): Extract<Input, { i: 'key' }> {
  const { key, code, location, repeat } = pressed;
  let held = heldOf(pressed);
  // Characters that are made with AltGr, or on a Mac with Option, are just written.
  if (isWriting(pressed, mac)) held &= SHIFT;
  const told = { i: 'key', down, key, code, location, repeat, held } as const;
  return mac ? asLinux(told) : told;
}

/** Editing by the keys of a Mac. What else is done with Meta is the page's own. */
function asLinux(told: Extract<Input, { i: 'key' }>): Extract<Input, { i: 'key' }> {
  const { key, held } = told;
  const to = (name: string, bits: number): typeof told => ({ ...told, key: name, code: name, location: 0, held: bits });
  if (held & META) {
    const rest = held & ~META;
    if (/^[azy]$/i.test(key)) return { ...told, held: rest | CTRL };
    if (key === 'ArrowLeft') return to('Home', rest);
    if (key === 'ArrowRight') return to('End', rest);
    if (key === 'ArrowUp') return to('Home', rest | CTRL);
    if (key === 'ArrowDown') return to('End', rest | CTRL);
  } else if (held & ALT && /^(ArrowLeft|ArrowRight|Backspace|Delete)$/.test(key)) return { ...told, held: (held & ~ALT) | CTRL };
  return told;
}

function lower(key: string): string {
  return key.toLowerCase();
}
