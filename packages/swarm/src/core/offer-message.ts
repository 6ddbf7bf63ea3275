import { encodeOffer, type Offer } from '@p2p/wire';

import { sendExtended, understands } from './extended-message.js';
import type { Payload } from './payload.js';
import type { Session } from './session.js';
import type { SwarmState } from './swarm-state.js';

/** The peer takes turns at an uplink as they are offered (PROTOCOL.md, 5.6). */
export function understandsOffers(session: Session): boolean {
  return understands(session, 'p2p_offer');
}

/** Offers a peer a turn, or tells one that offered us one that we have no use for it. */
export function sendOffer<P extends Payload>(state: SwarmState<P>, session: Session, offer: Offer): void {
  sendExtended(state, session, 'p2p_offer', encodeOffer(offer));
}

/** The answer to an offer. */
export const NO_USE: Offer = { blockCount: 0, holdsMs: 0 };

/** Blocks of a piece too long for one turn: 1 MiB. Who takes turns has room for two such. */
export const LONGEST_TURN = 64;
