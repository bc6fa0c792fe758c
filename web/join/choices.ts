// What a visitor may allow, in words.
import type { JoinOffer } from '../shared/protocol/api';
import type { Mode } from '../shared/protocol/people';

/** A mode that the visitor may allow. */
export interface Choice {
  mode: Mode;
  /** Its name for the visitor. */
  name: string;
  /** What the agent may do in it. */
  text: string;
  /** On the button that allows it. */
  button: string;
}

/** What was asked for, or less, as far as the site's rules have it; the least first. */
export function choices({ agent, mode, modes }: JoinOffer): Choice[] {
  const looking: Choice = {
    mode: 'view-only',
    name: 'Looking and pointing only',
    text: `${agent} sees the page, can point at things, and put labels and marks beside them. Only you can click and type.`,
    button: mode === 'shared' ? 'Allow, looking and pointing only' : 'Allow',
  };
  if (mode === 'view-only') return [looking];
  const helping: Choice = {
    mode: 'shared',
    name: 'Helping to fill in',
    text: `${agent} can also click, choose and type. You see every act as it happens, you are asked before some of them, and you can go back to looking only at any time.`,
    button: modes.includes('view-only') ? `Allow, and let ${agent} help to fill in` : 'Allow',
  };
  return modes.includes('view-only') ? [looking, helping] : [helping];
}
