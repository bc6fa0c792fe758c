// The rules that are being edited: a copy of those that hold, checked on the server while it changes, kept in this browser until it is saved or let go.
import { getContext, setContext } from 'svelte';
import { faultsOf, rulebook } from '../shared/admin';
import { problemOf } from '../shared/api';
import type { CurrentRules, SavedRules } from '../shared/protocol/admin';
import type { Fault, ReadyRule, SiteDraft } from '../shared/protocol/rules';
import type { Office } from './office.svelte';

/** Milliseconds of quiet before the server is asked. */
const QUIET = 250;
const KEPT = 'alongside-rules';

/** What a reload, or a tab that is closed, must not lose. */
interface Kept {
  base: number;
  before: SiteDraft[];
  sites: SiteDraft[];
}

function readKept(text: string | null): Kept | null {
  try {
    const value: unknown = JSON.parse(text ?? 'null');
    if (typeof value !== 'object' || value === null || !('base' in value) || !('sites' in value) || !('before' in value)) return null;
    return Number.isInteger(value.base) && Array.isArray(value.sites) && Array.isArray(value.before) ? (value as Kept) : null;
  } catch {
    return null;
  }
}

export class Book {
  readonly office: Office;
  /** Of this tab, and what is left when it is closed. */
  readonly #storages: readonly Storage[];
  /** They were read. */
  loaded = $state(false);
  /** Why they could not be read. */
  problem = $state('');
  /** They may be changed here. */
  editable = $state(true);
  /** The version that the changes are made to. */
  base = $state(0);
  /** As they are being written. */
  sites = $state<SiteDraft[]>([]);
  ready = $state<ReadyRule[]>([]);
  faults = $state<Fault[]>([]);
  /** The server has yet to say whether the latest change is right. */
  checking = $state(false);
  /** Rules that somebody saved since these changes were begun. */
  theirs = $state.raw<CurrentRules | null>(null);
  #before = $state.raw<SiteDraft[]>([]);
  readonly text = $derived(JSON.stringify(this.sites));
  readonly #beforeText = $derived(JSON.stringify(this.#before));
  /** There is something to save. */
  readonly dirty = $derived(this.loaded && this.text !== this.#beforeText);
  #checked = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(office: Office, storages: readonly Storage[] = [sessionStorage, localStorage]) {
    this.office = office;
    this.#storages = storages;
  }

  /** Nobody else who signs in here goes on with what somebody left. */
  get #place(): string {
    return `${KEPT}/${this.office.me?.name ?? ''}`;
  }

  #keep(kept: Kept | null): void {
    for (const storage of this.#storages) {
      if (kept) storage.setItem(this.#place, JSON.stringify(kept));
      else storage.removeItem(this.#place);
    }
  }

  /** Reads the rules that hold; changes that were not saved come back. */
  async load(): Promise<void> {
    try {
      const current = await this.office.call(rulebook.current());
      const kept = this.#storages.map((storage) => readKept(storage.getItem(this.#place))).find((kept) => kept !== null);
      this.#take(current);
      if (!kept || !current.editable) return;
      this.sites = kept.sites;
      if (kept.base === current.version) return;
      [this.base, this.#before, this.theirs] = [kept.base, kept.before, current];
    } catch (error) {
      this.problem = problemOf(error).message;
    }
  }

  #take(current: CurrentRules): void {
    [this.base, this.editable, this.ready] = [current.version, current.editable, current.ready];
    this.#before = current.sites;
    this.sites = structuredClone(current.sites);
    [this.faults, this.theirs, this.problem, this.loaded] = [[], null, '', true];
    this.#checked = JSON.stringify(current.sites);
  }

  /** To be called whenever `text` is another one. */
  changed(): void {
    if (!this.loaded) return;
    const { text } = this;
    this.#keep(this.dirty ? { base: this.base, before: this.#before, sites: JSON.parse(text) as SiteDraft[] } : null);
    clearTimeout(this.#timer);
    this.checking = text !== this.#checked;
    if (this.checking) this.#timer = setTimeout(() => void this.#check(text), QUIET);
  }

  async #check(text: string): Promise<void> {
    try {
      const { faults } = await this.office.call(rulebook.check({ sites: JSON.parse(text) as SiteDraft[] }));
      if (text !== this.text) return;
      [this.faults, this.#checked, this.checking] = [faults, text, false];
    } catch {
      // `office` says what is wrong with the server; the rules are checked anew with the next change, and when they are saved.
      if (text === this.text) this.checking = false;
    }
  }

  /** Lets the changes go. */
  discard(): void {
    this.sites = structuredClone(this.#before);
    this.faults = [];
    this.#checked = this.#beforeText;
    if (this.theirs) this.#take(this.theirs);
  }

  /** Saves and applies; null: it was refused, and `faults` or `theirs` say why. Throws a `Problem` for all else. */
  async save(comment: string): Promise<SavedRules | null> {
    const sites = $state.snapshot(this.sites);
    try {
      const saved = await this.office.call(rulebook.save({ base: this.base, comment: comment.trim(), sites }));
      this.#take({ version: saved.version, editable: true, ready: this.ready, sites });
      this.#keep(null);
      return saved;
    } catch (error) {
      const problem = problemOf(error);
      const faults = faultsOf(problem);
      if (faults) this.faults = faults;
      else if (problem.status === 409) this.theirs = await this.office.call(rulebook.current());
      else throw problem;
      return null;
    }
  }

  /** Goes on from the rules that somebody else saved: theirs alone, or with these changes laid over them. */
  settle(how: 'theirs' | 'mine'): void {
    const { theirs, sites } = this;
    if (!theirs) return;
    const mine = $state.snapshot(sites);
    this.#take(theirs);
    if (how === 'mine') this.sites = mine;
  }

  /** Puts other sites in place of these, to be looked at and saved. */
  replace(sites: SiteDraft[]): void {
    this.sites = sites;
  }

  /** Takes something out of a list, and offers to put it back. */
  remove<T>(list: T[], index: number, what: string): void {
    const [gone] = list.splice(index, 1);
    if (gone === undefined) return;
    const run = (): void => void list.splice(Math.min(index, list.length), 0, gone);
    this.office.toasts.show(`${what} removed.`, 'plain', { label: 'Undo', run });
  }

  /** Lets everything go, what is not saved, too. */
  forget(): void {
    this.#keep(null);
    this.close();
  }

  /** Nothing of it stays on show; what is not saved comes back when its writer does. */
  close(): void {
    clearTimeout(this.#timer);
    [this.loaded, this.sites, this.#before, this.faults, this.theirs] = [false, [], [], [], null];
  }
}

const BOOK = Symbol('book');
export const provideBook = (book: Book): Book => setContext(BOOK, book);
export const useBook = (): Book => getContext<Book>(BOOK);
