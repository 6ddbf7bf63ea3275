import { encodeOffer, type Offer } from '@p2p/wire';

import type { Payload } from './payload.js';
import type { Session } from './session.js';
import type { SwarmState } from './swarm-state.js';

/** The peer takes turns at an uplink as they are offered (PROTOCOL.md, 5.6). */
export function understandsOffers(session: Session): boolean {
  return (session.extensionIds.get('p2p_offer') ?? 0) !== 0;
}

/** Offers a peer a turn, or tells one that offered us one that we have no use for it. */
export function sendOffer<P extends Payload>(state: SwarmState<P>, session: Session, offer: Offer): void {
  const extensionId = session.extensionIds.get('p2p_offer');
  if (extensionId === undefined || extensionId === 0) return;
  state.send(session, { type: 'extended', extensionId, payload: encodeOffer(offer) });
}

/** The answer to an offer. */
export const NO_USE: Offer = { blockCount: 0, holdsMs: 0 };

/** Blocks of a piece too long for one turn: 1 MiB. Who takes turns has room for two such. */
export const LONGEST_TURN = 64;
