import type { ChokerPeer, ChokerPolicy } from './choking/choker-policy.js';
import type { SessionId } from '../input.js';

/** Choices of a `Choker`. */
export interface ChokerOptions {
  /** Peers unchoked at a time, the optimistic ones included. */
  readonly slots: number;
  /** Time between two rounds (BEP 3: 10 s). */
  readonly roundMs: number;
  /** The rule while we still need something. */
  readonly leeching: ChokerPolicy;
  /** The rule of a seeder. */
  readonly seeding: ChokerPolicy;
}

/** Who changes state; who is in neither list stays as it is. */
export interface ChokerDecision {
  readonly unchoke: SessionId[];
  readonly choke: SessionId[];
}

/**
 * Decides who may download from us, by one rule while we leech and another while we seed.
 *
 * Every unchoked peer holds a slot, and there are never more of them than slots. Only interested peers are given one; who loses
 * interest keeps it until the next round, or until somebody waits for it.
 */
export class Choker {
  readonly #options: ChokerOptions;
  #lastRoundAt = -Infinity;

  constructor(options: ChokerOptions) {
    this.#options = options;
  }

  /** When the next round is due; `now` if there was none yet. */
  nextRound(now: number): number {
    return Math.max(now, this.#lastRoundAt + this.#options.roundMs);
  }

  /**
   * Whether an interested peer can be unchoked at once, without waiting for the next round.
   *
   * @param holderCount peers that are unchoked, whether they want something or not
   */
  hasFreeSlot(holderCount: number): boolean {
    return holderCount < this.#options.slots;
  }

  /** A round: hands out the slots afresh. */
  rechoke(peers: readonly ChokerPeer[], isSeeding: boolean, now: number): ChokerDecision {
    this.#lastRoundAt = now;
    const waiting = peers.filter((peer) => peer.isInterested);
    const { leeching, seeding, slots } = this.#options;
    const chosen = (isSeeding ? seeding : leeching).choose({ peers, waiting, slots, now });
    return {
      unchoke: waiting.filter((peer) => chosen.has(peer.session) && !peer.isUnchoked).map((peer) => peer.session),
      choke: peers.filter((peer) => !chosen.has(peer.session) && peer.isUnchoked).map((peer) => peer.session),
    };
  }
}
