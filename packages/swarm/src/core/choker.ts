import type { SessionId } from './input.js';
import { type Random, randomBelow } from './random.js';

/** What the choker must know of a peer. */
export interface ChokerPeer {
  readonly session: SessionId;
  readonly isInterested: boolean;
  readonly isUnchoked: boolean;
  /** What the peer sends us. */
  readonly downBytesPerSecond: number;
  /** What we send the peer. */
  readonly upBytesPerSecond: number;
  /** Since when the peer is unchoked; undefined while it is not. */
  readonly unchokedAt: number | undefined;
  readonly connectedAt: number;
  /** The peer unchoked us, and sends nothing. */
  readonly isSnubbed: boolean;
  readonly uploadedSinceUnchoke: number;
}

/** Choices of a `Choker`. */
export interface ChokerOptions {
  /** Peers unchoked at a time, the optimistic ones included. */
  readonly slots: number;
  /** Time between two rounds (BEP 3: 10 s). */
  readonly roundMs: number;
  /** Time after which an optimistic slot goes to somebody else (BEP 3: 30 s). */
  readonly optimisticMs: number;
  /** Bytes that a seeder sends to one peer before it is another's turn; see `DEFAULT_SEED_QUOTA_BYTES`. */
  readonly seedQuotaBytes?: number;
}

/** Who changes state; who is in neither list stays as it is. */
export interface ChokerDecision {
  readonly unchoke: SessionId[];
  readonly choke: SessionId[];
}

/**
 * Decides who may download from us.
 *
 * A leecher gives its slots to those who send it most, and one in five, at least one, to somebody at random, to find
 * better partners (BEP 3). A seeder, whom nobody can pay, goes round: fastest-first would let a few fast free riders take all.
 *
 * Only interested peers hold slots, and no interested peer waits while a slot is free.
 */
export class Choker {
  readonly #random: Random;
  readonly #options: ChokerOptions;
  /** When each peer last held a slot, for the seeder's turns. Holds only peers of the last round. */
  #servedAt = new Map<SessionId, number>();
  /** The seeder's turns are numbered; this is each peer's last one. Holds only peers of the last round. */
  #turns = new Map<SessionId, number>();
  #lastTurn = 0;
  #optimistic: readonly SessionId[] = [];
  #optimisticSince = -Infinity;
  #lastRoundAt = -Infinity;

  constructor(random: Random, options: ChokerOptions) {
    this.#random = random;
    this.#options = options;
  }

  /** When the next round is due; `now` if there was none yet. */
  nextRound(now: number): number {
    return Math.max(now, this.#lastRoundAt + this.#options.roundMs);
  }

  /**
   * Whether an interested peer can be unchoked at once, without waiting for the next round.
   *
   * @param servedCount peers that are unchoked and want something: who wants nothing holds no slot
   */
  hasFreeSlot(servedCount: number): boolean {
    return servedCount < this.#options.slots;
  }

  /** A round: hands out the slots afresh. */
  rechoke(peers: readonly ChokerPeer[], isSeeding: boolean, now: number): ChokerDecision {
    this.#lastRoundAt = now;
    this.#remember(peers, now);
    const waiting = peers.filter((peer) => peer.isInterested);
    const chosen = isSeeding ? this.#takeTurns(waiting, now) : this.#reward(waiting, now);
    return {
      unchoke: waiting.filter((peer) => chosen.has(peer.session) && !peer.isUnchoked).map((peer) => peer.session),
      choke: peers.filter((peer) => !chosen.has(peer.session) && peer.isUnchoked).map((peer) => peer.session),
    };
  }

  /** The leecher's rule. */
  #reward(waiting: readonly ChokerPeer[], now: number): ReadonlySet<SessionId> {
    const { slots } = this.#options;
    const ranking = [...waiting].sort(byRateToUs);
    if (ranking.length <= slots) {
      this.#optimistic = [];
      return new Set(ranking.map((peer) => peer.session));
    }
    // With a single slot the optimistic one would leave nothing to reward.
    const optimisticCount = slots < 2 ? 0 : Math.max(1, Math.floor(slots / OPTIMISTIC_SHARE));
    const rewarded = ranking.splice(0, slots - optimisticCount);
    const optimistic = this.#chooseOptimistic(ranking, optimisticCount, now);
    return new Set([...rewarded.map((peer) => peer.session), ...optimistic]);
  }

  /** Keeps the optimistic ones for their time, then draws others. */
  #chooseOptimistic(candidates: readonly ChokerPeer[], count: number, now: number): readonly SessionId[] {
    const isOver = now - this.#optimisticSince >= this.#options.optimisticMs;
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

  /** The seeder's rule: who has not used its turn keeps the slot, then whoever waits longest. */
  #takeTurns(waiting: readonly ChokerPeer[], now: number): ReadonlySet<SessionId> {
    const groupOf = (peer: ChokerPeer): number => {
      if (!peer.isUnchoked) return 1;
      return this.#hasUsedTurn(peer, now) ? 2 : 0;
    };
    const ranking = [...waiting].sort(
      (a, b) =>
        groupOf(a) - groupOf(b) ||
        (this.#servedAt.get(a.session) ?? -1) - (this.#servedAt.get(b.session) ?? -1) ||
        (this.#turns.get(a.session) ?? 0) - (this.#turns.get(b.session) ?? 0) ||
        a.connectedAt - b.connectedAt ||
        a.session - b.session,
    );
    const chosen = ranking.slice(0, this.#options.slots);
    for (const peer of chosen) if (!peer.isUnchoked) this.#turns.set(peer.session, ++this.#lastTurn);
    return new Set(chosen.map((peer) => peer.session));
  }

  /** A turn ends after a minute and the quota; for one who takes nothing, after the minute. */
  #hasUsedTurn(peer: ChokerPeer, now: number): boolean {
    if (now - (peer.unchokedAt ?? now) < MIN_TURN_MS) return false;
    const quotaBytes = this.#options.seedQuotaBytes ?? DEFAULT_SEED_QUOTA_BYTES;
    return peer.uploadedSinceUnchoke >= quotaBytes || peer.upBytesPerSecond === 0;
  }

  #remember(peers: readonly ChokerPeer[], now: number): void {
    const servedAt = new Map<SessionId, number>();
    const turns = new Map<SessionId, number>();
    for (const { session, isUnchoked } of peers) {
      const at = isUnchoked ? now : this.#servedAt.get(session);
      if (at !== undefined) servedAt.set(session, at);
      const turn = this.#turns.get(session);
      if (turn !== undefined) turns.set(session, turn);
    }
    this.#servedAt = servedAt;
    this.#turns = turns;
  }
}

/**
 * Fastest first; a peer that snubs us earned nothing. Between equals the one that has a slot keeps it, so that a swarm in
 * which nobody has sent anything yet does not swap slots every round.
 */
function byRateToUs(a: ChokerPeer, b: ChokerPeer): number {
  return (
    Number(a.isSnubbed) - Number(b.isSnubbed) ||
    b.downBytesPerSecond - a.downBytesPerSecond ||
    Number(b.isUnchoked) - Number(a.isUnchoked) ||
    a.connectedAt - b.connectedAt ||
    a.session - b.session
  );
}

/** One slot in so many is optimistic (libtorrent: a fifth). */
const OPTIMISTIC_SHARE = 5;
/** How long a peer counts as new: two rounds of the optimistic slot. */
const NEWCOMER_MS = 60_000;
const NEWCOMER_LOTS = 3;
/** libtorrent's round robin: at least a minute each … */
const MIN_TURN_MS = 60_000;
/** … and 20 pieces; of 256 KiB, the length most torrents had when that was chosen. */
const DEFAULT_SEED_QUOTA_BYTES = 20 * 256 * 1024;
