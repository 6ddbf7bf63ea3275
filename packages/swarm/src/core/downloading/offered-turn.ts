import { sendOffer } from '../offer-message.js';
import { MAX_BLOCKS_BY_FAVOUR } from './favours.js';
import type { Payload } from '../payload.js';
import type { Session } from '../session.js';
import type { SwarmState } from '../swarm-state.js';

/** A turn at a peer's uplink that we have not taken yet (PROTOCOL.md, 5.6). */
export interface OfferedTurn {
  readonly blockCount: number;
  readonly at: number;
}

/** The turn that the peer offers us, if it is not over. */
export function offeredTurn({ offered, isChokingUs }: Session, now: number): OfferedTurn | undefined {
  if (offered === undefined || !isChokingUs || now - offered.at >= TAKEN_WITHIN_MS) return undefined;
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

/** So many blocks were asked for; with none, the peer can offer the turn to another. */
export function endTurn<P extends Payload>(state: SwarmState<P>, session: Session, blockCount: number): void {
  session.offered = undefined;
  if (blockCount === 0) sendOffer(state, session, 0);
}

/** By then others were offered it. */
const TAKEN_WITHIN_MS = 600;
