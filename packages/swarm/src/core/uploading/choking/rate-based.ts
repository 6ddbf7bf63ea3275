import type { SessionId } from '../../input.js';
import { type Random, randomBelow } from '../../random.js';
import { byHolding, type ChokerPeer, type ChokerPolicy, type ChokerRound, firstOf } from './choker-policy.js';

/**
 * Tit for tat (BEP 3): slots go to those who send us most, and one in five, at least one, to somebody at random, to find
 * better partners.
 */
export class RateBased implements ChokerPolicy {
  readonly #random: Random;
  readonly #optimisticMs: number;
  #optimistic: readonly SessionId[] = [];
  #optimisticSince = -Infinity;

  /** @param optimisticMs time after which an optimistic slot goes to somebody else (BEP 3: 30 s) */
  constructor(random: Random, optimisticMs: number) {
    this.#random = random;
    this.#optimisticMs = optimisticMs;
  }

  choose({ waiting, slots, now }: ChokerRound): ReadonlySet<SessionId> {
    const ranking = [...waiting].sort(byRateToUs);
    if (ranking.length <= slots) {
      this.#optimistic = [];
      return firstOf(ranking, slots);
    }
    // With a single slot the optimistic one would leave nothing to reward.
    const optimisticCount = slots < 2 ? 0 : Math.max(1, Math.floor(slots / OPTIMISTIC_SHARE));
    const rewarded = ranking.splice(0, slots - optimisticCount);
    const optimistic = this.#chooseOptimistic(ranking, optimisticCount, now);
    return new Set([...rewarded.map((peer) => peer.session), ...optimistic]);
  }

  /** Keeps the optimistic ones for their time, then draws others. */
  #chooseOptimistic(candidates: readonly ChokerPeer[], count: number, now: number): readonly SessionId[] {
    const isOver = now - this.#optimisticSince >= this.#optimisticMs;
    const present = new Set(candidates.map((peer) => peer.session));
    const kept = isOver ? [] : this.#optimistic.filter((session) => present.has(session)).slice(0, count);
    if (isOver) this.#optimisticSince = now;
    // Those who had their chance come last: drawn again only when nobody else is left.
    const former = new Set(this.#optimistic);
    const fresh = candidates.filter((peer) => !former.has(peer.session));
    const drawn = this.#draw(fresh, count - kept.length, now);
    const chosen = [...kept, ...drawn];
    const rest = candidates.filter((peer) => !chosen.includes(peer.session));
    this.#optimistic = [...chosen, ...this.#draw(rest, count - chosen.length, now)];
    return this.#optimistic;
  }

  /** Draws without returning; newcomers have three lots each (BEP 3). */
  #draw(candidates: readonly ChokerPeer[], count: number, now: number): SessionId[] {
    let lots = candidates.flatMap((peer) => {
      const isNewcomer = now - peer.connectedAt < NEWCOMER_MS;
      return new Array<SessionId>(isNewcomer ? NEWCOMER_LOTS : 1).fill(peer.session);
    });
    const drawn: SessionId[] = [];
    while (drawn.length < count) {
      const session = lots[randomBelow(this.#random, lots.length)];
      if (session === undefined) break;
      drawn.push(session);
      lots = lots.filter((lot) => lot !== session);
    }
    return drawn;
  }
}

/** Fastest first; a peer that snubs us earned nothing. */
function byRateToUs(a: ChokerPeer, b: ChokerPeer): number {
  return Number(a.isSnubbed) - Number(b.isSnubbed) || b.downloadedInRound - a.downloadedInRound || byHolding(a, b);
}

/** One slot in so many is optimistic (libtorrent: a fifth). */
const OPTIMISTIC_SHARE = 5;
/** How long a peer counts as new: two rounds of the optimistic slot. */
const NEWCOMER_MS = 60_000;
const NEWCOMER_LOTS = 3;
