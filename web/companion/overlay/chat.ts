// Chat with the agents. Links are plain text until the visitor makes them work, message by message.
import type { ChatMessage } from '../../shared/protocol/chat';
import type { PersonId } from '../../shared/protocol/people';
import { colourOf } from '../../shared/people';
import { append, empty, focus, inline, keyOf, prevent, remove, scrollHeight, setAttribute, setScrollTop, setText, setValue, show, toggle, valueOf } from './dom';
import { linked } from './links';
import { button, make } from './make';
import type { Panel, Panels } from './panel';
import { type Part, type Stage, VISITOR } from './stage';
import { chatName, chatTitle, clock, watchers, writingText } from './words';

/** Most characters of a message. */
const LONGEST = 2_000;
/** Milliseconds without a key after which the visitor is not writing any more. */
const PAUSE = 3_000;
/** Milliseconds that a message may have been sent before the page was loaded, and still be new to the visitor. */
const JUST_NOW = 8_000;

export interface Chat extends Part {
  all(messages: ChatMessage[]): void;
  one(message: ChatMessage): void;
  writing(by: PersonId, is: boolean): void;
}

export function makeChat(stage: Stage, panels: Panels): Chat {
  const { model, parts } = stage;
  const log = make('div', { class: 'log', role: 'log', 'aria-live': 'polite', 'aria-label': 'Messages', tabindex: '0' });
  const empties = make('p', { class: 'empty' }, 'Nothing was written yet.');
  const writing = make('p', { class: 'writing', 'aria-live': 'off' });
  const composer = makeComposer(stage);
  const content = [log, writing, composer.form];
  const panel: Panel = panels.make({
    name: 'chat', title: 'Chat', opener: parts.chat, content, height: 460, first: () => (composer.allowed() ? composer.field : log),
    opened: () => {
      read();
      toEnd();
    },
  });
  const rows = new Map<number, HTMLElement>();
  const toEnd = (): void => setScrollTop(log, scrollHeight(log));
  const read = (): void => {
    model.read = Math.max(model.read, model.chats.at(-1)?.id ?? -1);
    badge(stage);
  };
  const fill = (): void => {
    const ids = new Set(model.chats.map(({ id }) => id));
    for (const [id, row] of rows) {
      if (ids.has(id)) continue;
      rows.delete(id);
      remove(row);
    }
    for (const message of model.chats) {
      if (rows.has(message.id)) continue;
      const row = makeRow(stage, message);
      rows.set(message.id, row);
      append(log, row);
    }
    if (model.chats.length) remove(empties);
    else append(log, empties);
    if (panel.isOpen) read();
    toEnd();
  };
  const update = (): void => {
    const rules = model.state?.rules;
    const any = Boolean(rules && (rules.visitorTools.includes('chat') || rules.tools.includes('chat')));
    show(parts.chat, any);
    if (!any) panel.close();
    composer.update();
    panel.rename(chatTitle(model.state ? watchers(model.state) : []));
    setText(writing, writingText([...model.writing].map((id) => stage.name(id))));
    fill();
    badge(stage);
  };
  return {
    update,
    all(messages) {
      const first = model.read < 0;
      model.chats = messages;
      const since = Date.now() - performance.now() - JUST_NOW;
      if (first) model.read = messages.filter(({ at, by }) => at < since || by === VISITOR).at(-1)?.id ?? 0;
      update();
    },
    one(message) {
      if (model.chats.some(({ id }) => id === message.id)) return;
      model.chats.push(message);
      model.writing.delete(message.by);
      if (message.by !== VISITOR && !panel.isOpen) stage.say(`${message.name}: ${message.text}`);
      update();
    },
    writing(by, is) {
      if (is) model.writing.add(by);
      else model.writing.delete(by);
      setText(writing, writingText([...model.writing].map((id) => stage.name(id))));
    },
  };
}

function badge({ model, parts }: Stage): void {
  const unread = model.chats.filter(({ id, by }) => id > model.read && by !== VISITOR).length;
  show(parts.badge, unread > 0);
  setText(parts.badge, unread > 9 ? '9+' : `${unread}`);
  setAttribute(parts.chat, 'aria-label', chatName(unread));
}

function makeRow(stage: Stage, message: ChatMessage): HTMLElement {
  const mine = message.by === VISITOR;
  const text = make('p', { class: 'text' }, message.text);
  const head = make('div', { class: 'head' }, make('span', { class: 'name' }, mine ? 'You' : message.name), make('time', {}, clock(message.at)));
  const row = make('div', { class: mine ? 'row mine' : 'row', 'data-chat': `${message.id}` }, head, text);
  inline(row).setProperty('--who', colourOf(message.by));
  const pieces = linked(message.text);
  if (mine || !pieces.some(({ href }) => href)) return row;
  const work = button('work', 'Make links work');
  stage.listen(work, 'click', () => {
    empty(text);
    const made = pieces.map(({ text: part, href }) => (href ? make('a', { href, target: '_blank', rel: 'noopener noreferrer' }, part) : make('span', {}, part)));
    for (const piece of made) append(text, piece);
    remove(work);
    const first = made.find((_, i) => pieces[i]?.href);
    if (first) focus(first, { preventScroll: true });
  });
  append(row, work);
  return row;
}

interface Composer {
  form: HTMLElement;
  field: HTMLTextAreaElement;
  allowed(): boolean;
  update(): void;
}

function makeComposer(stage: Stage): Composer {
  const { model, native } = stage;
  const field = make('textarea', { rows: '1', maxlength: `${LONGEST}`, 'aria-label': 'Write a message', placeholder: 'Write a message', enterkeyhint: 'send', autocomplete: 'off' }) as HTMLTextAreaElement;
  const post = button('post', 'Send');
  const form = make('div', { class: 'composer' }, field, post);
  const note = make('p', { class: 'empty', hidden: '' }, 'You can read here, not write.');
  const both = make('div', { class: 'write' }, form, note);
  let timer = 0;
  const pause = (): void => {
    native.clearTimeout(timer);
    if (timer) stage.send({ t: 'writing', writing: false });
    timer = 0;
  };
  const grow = (): void => {
    inline(field).height = 'auto';
    inline(field).height = `${Math.min(120, scrollHeight(field) + 2)}px`;
  };
  const send = (): void => {
    const text = valueOf(field).trim().slice(0, LONGEST);
    // What cannot be sent now stays in the field.
    if (!text || model.state?.connection !== 'connected') return;
    setValue(field, '');
    grow();
    pause();
    stage.send({ t: 'chat', text });
  };
  stage.listen(post, 'click', send);
  stage.listen(field, 'input', () => {
    grow();
    if (!timer) stage.send({ t: 'writing', writing: true });
    native.clearTimeout(timer);
    timer = native.setTimeout(pause, PAUSE);
  });
  stage.listen(field, 'keydown', (event) => {
    const { key, shift, composing } = keyOf(event);
    if (key !== 'Enter' || shift || composing) return;
    prevent(event);
    send();
  });
  const allowed = (): boolean => Boolean(model.state?.rules?.visitorTools.includes('chat'));
  return {
    form: both,
    field,
    allowed,
    update() {
      show(form, allowed());
      show(note, !allowed());
      toggle(post, 'disabled', model.state?.connection !== 'connected');
    },
  };
}
