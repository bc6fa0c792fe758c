// The watching page of the test without a server: builds what it gets, and tells the hash of what it built.
import type { PageEvent } from '../../web/shared/protocol/page';
import { Page } from '../../web/viewer/page';
import { lines } from './lines';

const page = new Page({ viewport() {}, pointer() {}, url() {}, focus() {}, selection() {} });

async function frame(quirks: boolean): Promise<Document> {
  document.querySelector('iframe')?.remove();
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-same-origin');
  frame.width = '1280';
  frame.height = '800';
  document.body.append(frame);
  const built = frame.contentDocument as Document;
  built.open();
  built.write(quirks ? '' : '<!DOCTYPE html>');
  built.close();
  return built;
}

Object.assign(window, {
  watcher: {
    async apply(events: PageEvent[]): Promise<{ hash: number; milliseconds: number }> {
      const start = performance.now();
      await page.apply(events, frame);
      const milliseconds = performance.now() - start;
      return { hash: page.hash(), milliseconds };
    },
    lines: () => lines((as) => page.hash(as)),
  },
});
