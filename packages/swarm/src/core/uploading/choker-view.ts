import type { ChokerPeer } from './choking/choker-policy.js';
import type { Payload } from '../payload.js';
import type { Session } from '../session.js';
import type { SwarmState } from '../swarm-state.js';

/** A peer as the choker sees it. */
export function chokerPeerOf<P extends Payload>(session: Session, state: SwarmState<P>): ChokerPeer {
  return {
    session: session.id,
    isInterested: session.isInterested,
    isUnchoked: !session.amChoking,
    downloadedInRound: session.downloadedBytes - session.downloadedAtRound,
    upBytesPerSecond: session.upMeter.bytesPerSecond(state.now),
    unchokedAt: session.unchokedAt,
    connectedAt: session.openedAt,
    isSnubbed: session.window.isSnubbed,
    uploadedSinceUnchoke: session.uploadedSinceUnchoke,
    pieceShare: pieceShareOf(session, state),
  };
}

/** See `ChokerPeer`. */
export function pieceShareOf<P extends Payload>(session: Session, state: SwarmState<P>): number {
  const { pieceCount = Infinity, totalBytes = Infinity } = state.content?.metainfo.layout ?? {};
  return Math.max((session.pieces.known?.count ?? 0) / pieceCount, session.uploadedBytes / totalBytes);
}
