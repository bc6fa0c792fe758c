// The viewer: the page that the console shows in a frame. It gets the washed page over its own socket and builds it in a document
// without scripts; nothing that the agent does in it reaches that document.
import './viewer.css';
import './drawn.css';
import './over.css';
import type { ConsoleToViewer } from '../shared/protocol/frame';
import { Viewer } from './viewer';

/** The console's origin: the only window that is told anything or listened to. */
const CONSOLE = location.ancestorOrigins?.[0] ?? namedOrigin();

/** The console names itself in the fragment, for browsers that do not tell. Naming another gains nothing: only the console may frame this page. */
function namedOrigin(): string | null {
  const url = new URLSearchParams(location.hash.slice(1)).get('console') ?? '';
  return URL.canParse(url) ? new URL(url).origin : null;
}

const root = document.getElementById('app');
if (root) {
  const viewer = new Viewer(root, (message) => {
    if (CONSOLE && parent !== window) parent.postMessage(message, CONSOLE);
  });
  addEventListener('message', ({ origin, source, data }: MessageEvent<ConsoleToViewer>) => {
    if (origin === CONSOLE && source === parent && typeof data === 'object' && data !== null) viewer.hear(data);
  });
}
