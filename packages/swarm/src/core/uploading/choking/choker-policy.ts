import type { SessionId } from '../../input.js';

/** What the choker must know of a peer. */
export interface ChokerPeer {
  readonly session: SessionId;
  readonly isInterested: boolean;
  readonly isUnchoked: boolean;
  /**
   * Bytes that the peer sent us since the last round. Pieces come one at a time, seconds apart: over less time the order of peers
   * who are equally good to us would be chance, and now and then one would be choked by all.
   */
  readonly downloadedInRound: number;
  /** What we send the peer. */
  readonly upBytesPerSecond: number;
  /** Since when the peer is unchoked; undefined while it is not. */
  readonly unchokedAt: number | undefined;
  readonly connectedAt: number;
  /** The peer unchoked us, and sends nothing. */
  readonly isSnubbed: boolean;
  readonly uploadedSinceUnchoke: number;
  /**
   * Share of the pieces that the peer has at least, 0 to 1: as it says, or as we sent. Nodes like ours do not tell us of pieces
   * that we have ourselves, so this falls behind what a peer has from others.
   */
  readonly pieceShare: number;
}

/** One round of a choker. */
export interface ChokerRound {
  /** All open sessions. */
  readonly peers: readonly ChokerPeer[];
  /** Those of them that want something: only they can be chosen. */
  readonly waiting: readonly ChokerPeer[];
  /** The most that can be chosen. */
  readonly slots: number;
  readonly now: number;
}

/** A rule by which slots are handed out. It may remember earlier rounds; time and chance are given to it. */
export interface ChokerPolicy {
  /** Who holds a slot until the next round: `slots` of `waiting`, all of them if they are fewer. */
  choose(round: ChokerRound): ReadonlySet<SessionId>;
}

/** The sessions of the first `slots` peers. */
export function firstOf(ranking: readonly ChokerPeer[], slots: number): ReadonlySet<SessionId> {
  return new Set(ranking.slice(0, slots).map((peer) => peer.session));
}

/**
 * Between equals the one that has a slot keeps it, so that slots are not swapped for nothing; then the oldest session comes first.
 */
export function byHolding(a: ChokerPeer, b: ChokerPeer): number {
  return Number(b.isUnchoked) - Number(a.isUnchoked) || a.connectedAt - b.connectedAt || a.session - b.session;
}
