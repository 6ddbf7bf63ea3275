import type { SessionId } from '../input.js';
import { offeredTurn } from './offered-turn.js';
import type { Payload } from '../payload.js';
import type { PickHints } from '../pieces/pick-hints.js';
import type { Session } from '../session.js';
import type { SwarmState } from '../swarm-state.js';

/**
 * What the scheduler should know of the peer that blocks are picked for.
 *
 * @param beginsWith see `PickHints`
 */
export function hintsFor<P extends Payload>(session: Session, state: SwarmState<P>, beginsWith: number): PickHints {
  const hints = {
    isSnubbed: session.window.isSnubbed,
    isFast: canFillPieceAlone(session, state),
    isSpared: session.isUploadOnly && isFedByLeechers(session, state),
    beginsWith,
    isAnswering: (id: SessionId) => state.sessions.get(id)?.window.isAnswering(state.now) === true,
  };
  return session.isChokingUs && offeredTurn(session, state.now) === undefined && session.allowedByPeer !== undefined
    ? { ...hints, allowed: session.allowedByPeer }
    : hints;
}

/** Whole pieces are left to a peer that delivers one in good time; it then has the blame, or the honour, alone. */
function canFillPieceAlone<P extends Payload>({ downMeter }: Session, { content, now }: SwarmState<P>): boolean {
  const pieceLength = content?.metainfo.layout.pieceLength ?? 0;
  return downMeter.bytesPerSecond(now) * WHOLE_PIECE_SECONDS >= pieceLength;
}

/**
 * The leechers together give us a fair part of what this seeder does: then it is not on the seeder that we depend, and more
 * can be had of them. A seeder far faster than all of them is used as long as it is.
 */
function isFedByLeechers<P extends Payload>(seeder: Session, { now, sessions }: SwarmState<P>): boolean {
  let bytesPerSecond = 0;
  for (const other of sessions.values()) {
    if (!other.isChokingUs && !other.isUploadOnly) bytesPerSecond += other.downMeter.bytesPerSecond(now);
  }
  return bytesPerSecond * MUCH_FASTER > seeder.downMeter.bytesPerSecond(now);
}

const MUCH_FASTER = 4;
/** libtorrent, `whole_pieces_threshold`. */
const WHOLE_PIECE_SECONDS = 20;
