import { encodeLtDontHave, encodeSoon, type PieceIndex } from '@p2p/wire';

import { DEADLINE } from '../deadline-keys.js';
import { sendExtended, understands } from '../extended-message.js';
import type { Payload } from '../payload.js';
import type { Session } from '../session.js';
import type { SwarmState } from '../swarm-state.js';
import { TokenBucket } from '../token-bucket.js';

/**
 * Pieces of which peers of our own kind heard, before we have them, that they will be here in a moment (PROTOCOL.md, 5.7).
 *
 * A piece is passed on log2 N times until everybody has it, and each time what is said of it, `have`, offer and request, waits behind
 * blocks on two lines: it takes longer than the piece. Who knows of the piece while it comes in has asked for it when it is there.
 * Only pieces that few have are worth the message: those that follow from them are most, and wait for nothing.
 *
 * A flash crowd of a hundred (S01, 2 Mbit/s, in virtual time): half of them are done after 1.11 of the bound, without this after 1.13.
 */
export class PromisedPieces<P extends Payload> {
  readonly #state: SwarmState<P>;
  readonly #pace = new TokenBucket(PER_SECOND, PER_SECOND);
  /** By piece: when it was promised, in the order of time. */
  readonly #open = new Map<PieceIndex, number>();
  /** Taken back, and not there since: who asks for them has not heard of that yet, or of the next promise. */
  readonly #withdrawn = new Set<PieceIndex>();

  constructor(state: SwarmState<P>) {
    this.#state = state;
  }

  /** Tells peers of a piece of which the rest is coming in, if it is worth it; true if it did. */
  make(piece: PieceIndex): boolean {
    if (!this.#isWorthIt(piece)) return false;
    const { now, deadlines } = this.#state;
    this.#open.set(piece, now);
    this.#withdrawn.delete(piece);
    deadlines.arm(DEADLINE.promises, now + MOST_MS);
    for (const session of this.#lacking(piece)) {
      sendExtended(this.#state, session, 'p2p_soon', encodeSoon(piece));
      session.hasNews = true;
    }
    return true;
  }

  /** Whether a piece can be had of us: now, soon, no more (the peer may not know that yet), or not that we ever said so. */
  standing(piece: PieceIndex): 'stored' | 'promised' | 'withdrawn' | 'never' {
    if (this.#state.content?.scheduler.have.has(piece) === true) return 'stored';
    if (this.#open.has(piece)) return 'promised';
    return this.#withdrawn.has(piece) ? 'withdrawn' : 'never';
  }

  /** The piece is there; true if it was promised. */
  keep(piece: PieceIndex): boolean {
    this.#withdrawn.delete(piece);
    return this.#open.delete(piece);
  }

  /** Takes the promise back; false if there is none. Who promised us the same is told too: each would wait for the other. */
  withdraw(piece: PieceIndex): boolean {
    if (!this.#open.delete(piece)) return false;
    this.#withdrawn.add(piece);
    for (const session of this.#state.openSessions()) {
      if (canBePromised(session)) sendExtended(this.#state, session, 'lt_donthave', encodeLtDontHave(piece));
    }
    return true;
  }

  /** Promises that were not kept in time, and are to be taken back. */
  overdue(): PieceIndex[] {
    const { now, deadlines } = this.#state;
    const pieces: PieceIndex[] = [];
    for (const [piece, at] of this.#open) {
      if (at + MOST_MS > now) {
        deadlines.arm(DEADLINE.promises, at + MOST_MS);
        break;
      }
      pieces.push(piece);
    }
    return pieces;
  }

  #isWorthIt(piece: PieceIndex): boolean {
    const { content, sessions, now } = this.#state;
    if (content === undefined || this.#open.has(piece)) return false;
    const { scheduler } = content;
    if (scheduler.copiesAmongLeechers(piece) > sessions.size * FEW_COPIES) return false;
    // Who seems to have all pieces is taken for a seed.
    if (scheduler.missingCount - this.#open.size < 2) return false;
    return this.#pace.take(now, 1);
  }

  /** Those who lack the piece, and understand a promise and its withdrawal. */
  #lacking(piece: PieceIndex): Session[] {
    return this.#state
      .openSessions()
      .filter((session) => canBePromised(session) && session.pieces.known?.has(piece) !== true);
  }
}

function canBePromised(session: Session): boolean {
  return understands(session, 'p2p_soon') && understands(session, 'lt_donthave');
}

/**
 * As long as a turn lasts (`UploadTurns`): what takes longer may not come at all, and keeps those who ask waiting. In a crowd it is the
 * same with 1.5 s; leechers that come one by one to slow lines (S03) lose by that: half are done after 1.89 of the bound, not 1.80.
 */
const MOST_MS = 5_000;
/**
 * Share of those we are connected to. With a tenth, a quarter and all of them, half of a hundred peers are done after 1.114, 1.112 and
 * 1.110 of the bound; small messages are 1.17, 1.27 and 1.41 % of all bytes (1.08 % without).
 */
const FEW_COPIES = 0.25;
/** Faster than this pieces come in where messages wait for nothing. */
const PER_SECOND = 100;
