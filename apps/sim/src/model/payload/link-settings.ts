import type { CoreMessage, Payload } from '@p2p/swarm';

import type { RunTrace } from '../run-trace.js';

/** What the links of one host have in common. */
export interface LinkSettings<P extends Payload = Payload> {
  readonly trace: RunTrace;
  /** Looks at each message that the host sends, and may put others in its place, or none: for those who cheat. */
  readonly rewrite?: Rewrite<P> | undefined;
}

/** The messages to send instead; the same one alone if nothing is wrong with it. */
export type Rewrite<P extends Payload = Payload> = (message: CoreMessage<P>) => readonly CoreMessage<P>[];
