// What the companion does in a document. The top document's connects to the server; a frame of another origin hands its events up; a
// frame of the same origin does nothing, the companion of the page around it sees it all.
import { wire } from './wire';
import { Companion } from './companion';
import { aroundOf, FrameCompanion } from './frame';
import { HANDOVER, type Handover } from './handover';

function take(): Handover | undefined {
  const handover = Reflect.get(window, HANDOVER) as Handover | undefined;
  Reflect.deleteProperty(window, HANDOVER);
  return handover;
}

/** The page around this one is of the same origin, and sees this one. */
function seenFromAround(): boolean {
  if (window.parent === window) return false;
  try {
    return Boolean(window.parent.document);
  } catch {
    return false;
  }
}

/** Begins in this document; gives the companion of a top document. */
export function begin(): Companion | null {
  if (seenFromAround()) return null;
  const handover = take();
  if (!handover) return null;
  if (window.parent === window) return wire ? new Companion(handover, wire) : null;
  const around = aroundOf(handover);
  if (around) new FrameCompanion(handover, around);
  return null;
}
