import type { Offer } from '@p2p/wire';

import { NO_USE, sendOffer } from '../offer-message.js';
import { MAX_BLOCKS_BY_FAVOUR } from './favours.js';
import type { Payload } from '../payload.js';
import type { Session } from '../session.js';
import type { SwarmState } from '../swarm-state.js';

/** A turn at a peer's uplink that we have not taken yet (PROTOCOL.md, 5.6). */
export interface OfferedTurn extends Offer {
  readonly at: number;
}

/** The turn that the peer offers us, if it is not over. */
export function offeredTurn({ offered, isChokingUs }: Session, now: number): OfferedTurn | undefined {
  if (offered === undefined || !isChokingUs || now - offered.at >= offered.holdsMs) return undefined;
  return offered;
}

/** How many blocks more the peer lets us ask for: by an offer all that it names, for it is the peer who knows its uplink. */
export function blocksToAsk(session: Session, turn: OfferedTurn | undefined, now: number): number {
  const { window, peerRequestLimit, isChokingUs } = session;
  if (turn !== undefined && !window.isSnubbed)
    return Math.min(turn.blockCount, window.roomThere(peerRequestLimit, now));
  const room = window.room(peerRequestLimit, now);
  return isChokingUs && turn === undefined ? Math.min(room, MAX_BLOCKS_BY_FAVOUR) : room;
}

/** With how many blocks a piece is begun: of a turn with all of it, or what is left to a later turn keeps the piece from others for long. */
export function blocksToBegin(blocksOfPiece: number, turn: OfferedTurn | undefined): number {
  return Math.min(blocksOfPiece, turn?.blockCount ?? MOST_AT_ONCE);
}

/** So many blocks were asked for; with none, the peer can offer the turn to another. */
export function endTurn<P extends Payload>(state: SwarmState<P>, session: Session, blockCount: number): void {
  session.offered = undefined;
  if (blockCount === 0) sendOffer(state, session, NO_USE);
}

/** Blocks; less than there is room for when nobody owes us any. Longer pieces are begun with so many: they take long in any case. */
const MOST_AT_ONCE = 4;
