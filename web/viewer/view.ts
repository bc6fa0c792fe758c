// What the parts of the view share.
import type { ViewerToConsole } from '../shared/protocol/frame';
import type { NodeId } from '../shared/protocol/page';
import type { Cursors } from './cursors';
import type { Page } from './page';
import type { Requests } from './requests';
import type { Signs } from './signs';
import type { Stage } from './stage';
import type { Standing } from './standing';

export interface View {
  readonly stage: Stage;
  readonly page: Page;
  readonly standing: Standing;
  readonly requests: Requests;
  readonly signs: Signs;
  readonly cursors: Cursors;
  /** The element of an id, if it is on the page. */
  element(id: NodeId | null | undefined): Element | null;
  /** The number of the last message that was applied. */
  seen(): number;
  /** Grows with each page that is built: ids of nodes mean something within one only. */
  readonly era: number;
  tell(message: ViewerToConsole): void;
  /** Says something to those who listen to a screen reader. */
  say(text: string): void;
}
