// All notes of the session on this page: sorted by what they are, drawn in every frame while there are any.
import type { Note, NoteId } from '../../shared/protocol/note';
import { boundsOf, show } from './dom';
import { describe } from './describe';
import { Highlights, type HighlightNote } from './highlights';
import { Labels, type LabelNote } from './labels';
import { Marks, type MarkNote } from './marks';
import { Pins } from './pins';
import { type Part, type Stage, VISITOR } from './stage';
import { noteNews } from './words';

export interface Notes extends Part {
  /** In place of all known before. */
  all(notes: Note[]): void;
  /** One is new, or changed. */
  one(note: Note): void;
  gone(id: NoteId): void;
  /** The visitor takes all away. */
  clear(): void;
}

export function makeNotes(stage: Stage): Notes {
  const { model, loop } = stage;
  const pins = new Pins(stage);
  const forget = (id: NoteId): void => {
    model.notes.delete(id);
    pins.forget(id);
  };
  const dismiss = (id: NoteId): void => {
    forget(id);
    stage.send({ t: 'dismiss', note: id });
    update();
  };
  const labels = new Labels(stage, pins, dismiss);
  const highlights = new Highlights(stage, pins, dismiss);
  const marks = new Marks(stage, pins);
  let sorted = sort([]);
  /** New, and not told to a screen reader yet: their elements are not on the page yet. */
  const untold = new Set<NoteId>();

  const update = (): void => {
    sorted = sort([...model.notes.values()].map((note) => (note.node !== undefined && stage.nodes.foreign(note.node) ? atFrame(note) : note)));
    show(stage.parts.labels, sorted.labels.length > 0);
    labels.update(sorted.labels);
    highlights.update(sorted.highlights);
    marks.update(sorted.marks);
    stage.changed();
    loop.wake();
  };
  loop.add((now) => {
    marks.draw(sorted.marks, now);
    highlights.draw(sorted.highlights, now);
    labels.draw(sorted.labels, now, [boundsOf(stage.parts.bar)]);
    for (const id of untold) announce(id);
    return [...model.notes.values()].some(({ node }) => node !== undefined);
  });
  const announce = (id: NoteId): void => {
    const note = model.notes.get(id);
    const element = note && pins.of(note)?.element;
    if (note && !element) return;
    untold.delete(id);
    if (note && element && note.by !== VISITOR) stage.say(noteNews(stage.name(note.by), note.shape, describe(element)));
  };
  return {
    update,
    all(notes) {
      const known = new Set(model.notes.keys());
      model.notes.clear();
      for (const note of notes) model.notes.set(note.id, note);
      for (const id of known) if (!model.notes.has(id)) pins.forget(id);
      update();
    },
    one(note) {
      const isNew = !model.notes.has(note.id);
      model.notes.set(note.id, note);
      if (isNew) untold.add(note.id);
      update();
    },
    gone(id) {
      forget(id);
      update();
    },
    clear() {
      for (const id of [...model.notes.keys()]) {
        forget(id);
        stage.send({ t: 'dismiss', note: id });
      }
      update();
    },
  };
}

/** A note in a frame of another origin, as it is drawn at the frame: a label at its middle, all else around it. */
function atFrame(note: Note): Note {
  return { ...note, shape: note.shape.s === 'label' ? { ...note.shape, at: [0.5, 0.5] } : { s: 'element' } };
}

function sort(notes: readonly Note[]): { labels: LabelNote[]; highlights: HighlightNote[]; marks: MarkNote[] } {
  return {
    labels: notes.filter((note): note is LabelNote => note.shape.s === 'label'),
    highlights: notes.filter((note): note is HighlightNote => ['element', 'area', 'text'].includes(note.shape.s)),
    marks: notes.filter((note): note is MarkNote => ['freehand', 'line', 'arrow', 'rectangle'].includes(note.shape.s)),
  };
}
