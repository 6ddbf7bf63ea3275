import type { SessionId } from '../input.js';
import type { PeerInterest } from './peer-interest.js';
import type { PickHints } from './pick-hints.js';
import type { PieceAssembly } from './piece-assembly.js';
import type { SuggestedPieces } from './suggested-pieces.js';

/** What the scheduler keeps of a peer. */
export interface SchedulerPeer {
  readonly session: SessionId;
  readonly key: string;
  readonly interest: PeerInterest;
  /** Counted as a seed in `Availability`. */
  isSeed: boolean;
  isFast: boolean;
  /** When it was asked last, it had let a request time out. */
  isSnubbed: boolean;
  /** Blocks asked of it and not answered, as far as this class knows. */
  requestCount: number;
  /** It owes us blocks, those picked at this moment included. */
  isBusy: boolean;
  /** Blocks more that it could be asked for at this moment. */
  room: number;
  /** Undefined while it suggested nothing. */
  suggested: SuggestedPieces | undefined;
  /** The piece it was given last to fill: the only one of its own that can have free blocks. */
  filling: PieceAssembly | undefined;
}

/** Whether a block of the piece may be asked of the peer now. */
export function canGive(peer: SchedulerPeer, piece: number, hints: PickHints): boolean {
  return peer.interest.pieces.has(piece) && (hints.allowed === undefined || hints.allowed.has(piece));
}

/** Whether a block of the peer fits into a piece that must come from one peer. */
export function mayFinishAlone(assembly: PieceAssembly, peer: SchedulerPeer): boolean {
  const isOthers = assembly.owner !== undefined && assembly.owner !== peer.session;
  return !isOthers && !assembly.hasBlocksOfOthers(peer.key);
}
