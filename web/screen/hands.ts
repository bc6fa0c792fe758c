// All that the visitor does with the picture: mouse, fingers, keys and text.
import type { Field } from '../shared/protocol/hosted';
import type { Input } from '../shared/protocol/image';
import { make } from '../companion/overlay/make';
import type { Picture } from './picture';
import { inputOf, useOf, type Pressed } from './keys';
import { Pointing } from './pointing';
import { Touching } from './touching';
import { Typist } from './typist';
import { pictureName } from './words';

/** A cursor's name, and nothing else that CSS takes. */
const CURSOR = /^[a-z-]{1,20}$/;

export interface HandsEvents {
  input(input: Input): void;
  reload(): void;
  handheld(): boolean;
}

export class Hands {
  /** Over the picture: it has the keyboard and takes what is pressed. */
  readonly element = make('div', { class: 'page', role: 'application', tabindex: '0', 'aria-label': pictureName('') });
  private readonly typist: Typist;
  /** Keys that went down here, by code, as they were told. */
  private readonly down = new Map<string, Extract<Input, { i: 'key' }>>();
  private readonly mac = /^(Mac|iPhone|iPad)/.test(navigator.platform);
  /** Something else has the visitor's attention: nothing goes to the page. */
  private covered = false;

  constructor(picture: Picture, private readonly on: HandsEvents) {
    const { element } = this;
    element.append(picture.element);
    this.typist = new Typist({ into: element, rest: element, toWindow: (place) => picture.toWindow(place), send: (input) => this.send(input), handheld: () => on.handheld() });
    const pointed = {
      element,
      toPage: (point: { x: number; y: number }) => picture.toPage(point),
      send: (input: Input) => this.send(input),
      pressed: () => {
        this.typist.caretMoved();
        if (!on.handheld()) this.focus();
      },
    };
    new Pointing(pointed);
    new Touching(pointed, () => this.typist.again());
    // Nothing else has the keyboard: the page has it.
    document.addEventListener('keydown', (event) => (this.mine(event) ? this.pressed(event) : undefined));
    document.addEventListener('keyup', (event) => this.released(event));
    element.addEventListener('focusout', () => this.letGo());
    addEventListener('blur', () => this.letGo());
    this.showRing();
  }

  /** The keyboard is the page's. */
  get active(): boolean {
    const { activeElement } = document;
    return activeElement === document.body || this.element.contains(activeElement);
  }

  /** Whether an event of the keyboard or the clipboard is for the page. */
  mine(event: Event): boolean {
    return !this.covered && this.active && (event.target === document.body || this.element.contains(event.target as Node));
  }

  focus(): void {
    if (!this.covered) this.typist.focus();
  }

  /** Nothing goes to the page while something covers it. */
  cover(is: boolean): void {
    const before = this.covered;
    this.covered = is;
    this.element.inert = is;
    // Whoever writes elsewhere goes on there.
    if (before && !is && document.activeElement === document.body) this.focus();
  }

  field(field: Field | null): void {
    this.typist.show(field, this.active && !this.covered);
  }

  paste(text: string): void {
    this.typist.insert(text);
  }

  /** The picture is somewhere else. */
  place(): void {
    this.typist.place();
  }

  cursor(name: string): void {
    this.element.style.cursor = CURSOR.test(name) ? name : 'default';
  }

  title(title: string): void {
    this.element.setAttribute('aria-label', pictureName(title));
  }

  private send(input: Input): void {
    if (!this.covered) this.on.input(input);
  }

  private pressed(event: KeyboardEvent): void {
    if (event.isComposing || event.keyCode === 229) return;
    const pressed = factsOf(event);
    const use = useOf(pressed, this.mac);
    if (use === 'browser' || use === 'text') return;
    event.preventDefault();
    if (use === 'reload') {
      this.on.reload();
      return;
    }
    const input = inputOf(pressed, true, this.mac);
    this.typist.caretMoved();
    this.send(input);
    // With Meta held, a Mac does not say when another key comes up.
    if (this.mac && event.metaKey && event.key !== 'Meta') this.send({ ...input, down: false });
    else this.down.set(event.code || event.key, input);
  }

  private released(event: KeyboardEvent): void {
    const code = event.code || event.key;
    const told = this.down.get(code);
    if (!told) return;
    this.down.delete(code);
    event.preventDefault();
    // What went down comes up, whatever its name with the keys that are held now.
    this.send({ ...told, down: false, repeat: false, held: inputOf(factsOf(event), false, this.mac).held });
  }

  /** What is down would stay so for ever. */
  private letGo(): void {
    for (const told of this.down.values()) this.send({ ...told, down: false, repeat: false, held: 0 });
    this.down.clear();
  }

  /** Who comes by F6 or Tab sees that the keyboard is here, until they use it. */
  private showRing(): void {
    let came = -Infinity;
    addEventListener('keydown', ({ key }) => {
      if (key === 'F6' || key === 'Tab') came = performance.now();
    }, true);
    const { classList } = this.element;
    this.element.addEventListener('focusin', () => classList.toggle('arrived', performance.now() - came < 100));
    for (const type of ['keydown', 'pointerdown', 'focusout']) this.element.addEventListener(type, () => classList.remove('arrived'));
  }
}

function factsOf(event: KeyboardEvent): Pressed {
  const { key, code, location, repeat, altKey, ctrlKey, metaKey, shiftKey } = event;
  return { key, code, location, repeat, altKey, ctrlKey, metaKey, shiftKey, altGraph: event.getModifierState('AltGraph') };
}
