// What a site's rules can say about agents and visitors, in plain words.
import type { ActKind } from '../../shared/protocol/act';
import type { Ask, Mode, Tool } from '../../shared/protocol/people';
import type { MaskAction } from '../../shared/protocol/rules';

interface Option<T> {
  value: T;
  title: string;
  text?: string;
  fixed?: boolean;
}

export const modes: Option<Mode>[] = [
  { value: 'view-only', title: 'View only', text: 'Agents look and point. Always possible.', fixed: true },
  { value: 'shared', title: 'Shared', text: 'Agents act, once the visitor allows it.' },
];

export const acts: Option<ActKind>[] = [
  { value: 'click', title: 'Click' },
  { value: 'type', title: 'Type' },
  { value: 'choose', title: 'Choose from lists' },
  { value: 'check', title: 'Tick boxes' },
  { value: 'submit', title: 'Submit forms' },
  { value: 'scroll', title: 'Scroll' },
  { value: 'navigate', title: 'Open another address' },
  { value: 'back', title: 'Go back' },
  { value: 'forward', title: 'Go forward' },
];

export const asks: Option<Ask>[] = [
  { value: 'submit', title: 'Sending a form', text: 'Search forms excepted.' },
  { value: 'payment', title: 'Paying', text: 'Card forms, and buttons that say so.' },
  { value: 'navigate', title: 'Opening another address' },
];

export const tools: Option<Tool>[] = [
  { value: 'pointer', title: 'Laser pointer' },
  { value: 'label', title: 'Labels' },
  { value: 'highlight', title: 'Highlights' },
  { value: 'mark', title: 'Marks', text: 'Drawn by hand: lines, arrows, boxes.' },
  { value: 'chat', title: 'Chat' },
];

export const visitorTools: Option<Tool>[] = [
  { value: 'highlight', title: 'Highlights' },
  { value: 'chat', title: 'Chat' },
];

export const actions: Option<MaskAction>[] = [
  { value: 'mask', title: 'Mask', text: 'Stars stand for its texts and values.' },
  { value: 'hide', title: 'Hide', text: 'An empty box of the same size stands in its place.' },
  { value: 'show', title: 'Show', text: 'It is not masked, although the site is private.' },
];
