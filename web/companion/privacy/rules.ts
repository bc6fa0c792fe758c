// Which masks hold: what the server told of the sites, kept for the capture.
import type { MaskSite } from '../../shared/protocol/rules';

/** The sites' masks, as the server told them last. */
export class MaskRules {
  constructor(readonly sites: readonly MaskSite[]) {}
}
