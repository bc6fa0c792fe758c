// Which element of the page each note is at, and where that is. An element that was found stays the note's while it is on the page, even
// when a new snapshot has given it another id of which the note does not know yet.
import type { Note, NoteId } from '../../shared/protocol/note';
import { Anchor, type Seen } from './anchors';
import { isConnected } from './dom';
import { elementOf, type Stage } from './stage';

export class Pins {
  private readonly known = new Map<NoteId, { node: number; anchor: Anchor }>();

  constructor(private readonly stage: Stage) {}

  /** The anchor of a note; null: its element is not on the page. */
  of(note: Note): Anchor | null {
    const { node, id } = note;
    const before = this.known.get(id);
    if (node === undefined) {
      this.known.delete(id);
      return null;
    }
    const element = elementOf(this.stage.nodes.node(node));
    if (element && before?.node === node && before.anchor.element === element) return before.anchor;
    if (element) {
      const anchor = new Anchor(element);
      this.known.set(id, { node, anchor });
      return anchor;
    }
    return before?.node === node && isConnected(before.anchor.element) ? before.anchor : null;
  }

  /** Where a note's element is; null: it is not shown. */
  see(note: Note, now: number): Seen | null {
    return this.of(note)?.see(now) ?? null;
  }

  forget(id: NoteId): void {
    this.known.delete(id);
  }
}
