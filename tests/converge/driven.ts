// The driven page of the test without a server: the capture, asked for events and hashes by the test.
import type { PageEvent } from '../../web/shared/protocol/page';
import { Capture } from '../../web/companion/capture/capture';
import { change } from './changes';
import { leave, plain } from './plain';
import { lines } from './lines';

const taken: PageEvent[] = [];
const capture = new Capture({
  handover: plain(window),
  frame: 0,
  ours: (element) => element.localName === 'alongside-overlay',
  deliver: (events) => void taken.push(...events),
  frameGone() {},
  again: () => void taken.push(capture.snapshot()),
});
capture.start();

function settle(): { events: PageEvent[]; hash: number } {
  capture.flush();
  return { events: taken.splice(0), hash: capture.hash() };
}

Object.assign(window, {
  driven: {
    snapshot(): { events: PageEvent[]; hash: number; milliseconds: number } {
      taken.length = 0;
      const start = performance.now();
      const events = [capture.snapshot()];
      const milliseconds = performance.now() - start;
      return { events, hash: capture.hash(), milliseconds };
    },
    /** One batch of changes, spread over tasks as the seed says. */
    async batch(seed: number): Promise<{ events: PageEvent[]; hash: number }> {
      await change(seed, leave);
      return settle();
    },
    settle,
    lines: () => lines((as) => capture.hash(as)),
  },
});
