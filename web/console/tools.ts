// What an agent's hand can do, and why not: as the server judges it, so that nothing is offered that it would refuse.
import type { ActKind } from '../shared/protocol/act';
import type { Hand } from '../shared/protocol/frame';
import type { Mode, Role, Rules, Tool } from '../shared/protocol/people';
import type { IconName } from '../shared/ui/icons';

/** How the reader stands in a session. */
export interface Standing {
  role: Role;
  mode: Mode;
  rules: Rules;
}

/** One of the things that the hand does. */
export interface HandTool {
  hand: Hand;
  name: string;
  /** What one does with it, for the button's title. */
  hint: string;
  icon: IconName;
  /** Key that chooses it. */
  key: string;
  /** The tool that the rules must have; absent: every agent's. */
  tool?: Tool;
}

export const LASER: HandTool = { hand: 'laser', name: 'Laser', hint: 'Point with a trail', icon: 'laser', key: 'l', tool: 'pointer' };
export const LABEL: HandTool = { hand: 'label', name: 'Label', hint: 'Put a short instruction on an element', icon: 'label', key: 't', tool: 'label' };
export const HIGHLIGHTS: HandTool[] = [
  { hand: 'element', name: 'Element', hint: 'Highlight an element', icon: 'element', key: 'e', tool: 'highlight' },
  { hand: 'area', name: 'Area', hint: 'Highlight an area', icon: 'area', key: 'a', tool: 'highlight' },
  { hand: 'text', name: 'Text', hint: 'Highlight text', icon: 'text', key: 's', tool: 'highlight' },
];
export const MARKS: HandTool[] = [
  { hand: 'freehand', name: 'Freehand', hint: 'Draw freehand', icon: 'freehand', key: 'd', tool: 'mark' },
  { hand: 'line', name: 'Line', hint: 'Draw a line', icon: 'line', key: 'i', tool: 'mark' },
  { hand: 'arrow', name: 'Arrow', hint: 'Draw an arrow', icon: 'arrow', key: 'w', tool: 'mark' },
  { hand: 'rectangle', name: 'Rectangle', hint: 'Draw a rectangle', icon: 'rectangle', key: 'r', tool: 'mark' },
];

/** The hand itself: it acts where the reader may act, and points everywhere else. */
export function actTool(standing: Standing): HandTool {
  const acts = standing.mode === 'shared' && isActing(standing.role);
  return acts
    ? { hand: 'act', name: 'Act', hint: 'Click and type on the page', icon: 'hand', key: 'v' }
    : { hand: 'act', name: 'Point', hint: 'Show your cursor', icon: 'hand', key: 'v' };
}

/** They take part, and do not only look in. */
export function isActing(role: Role): boolean {
  return role !== 'supervisor';
}

/** Whether a tool is there at all. */
export function hasTool({ role, rules }: Standing, tool: Tool): boolean {
  return isActing(role) && rules.tools.includes(tool);
}

/** Why an act is not to be had right now; empty: it is. */
export function whyNot({ role, mode, rules }: Standing, act: ActKind): string {
  if (!isActing(role)) return 'you are looking in';
  if (!rules.acts.includes(act)) return 'the rules of this site do not allow it';
  return mode === 'shared' ? '' : 'only in shared mode';
}

/** Tools, by what is chosen with one key. */
export function handOf(key: string, standing: Standing): Hand | null {
  const all = [actTool(standing), LASER, LABEL, ...HIGHLIGHTS, ...MARKS];
  const found = all.find((one) => one.key === key.toLowerCase());
  return found && (!found.tool || hasTool(standing, found.tool)) ? found.hand : null;
}
