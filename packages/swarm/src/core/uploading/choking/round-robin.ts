import type { SessionId } from '../../input.js';
import { type ChokerPeer, type ChokerPolicy, type ChokerRound, firstOf } from './choker-policy.js';

/**
 * Everybody in turn: who has not used its turn keeps the slot, then comes whoever waits longest. What a peer gives does not
 * matter, nor how fast it takes: fastest-first would let a few fast free riders take all of a seeder.
 */
export class RoundRobin implements ChokerPolicy {
  readonly #quotaBytes: number;
  /** When each peer last held a slot. Holds only peers of the last round. */
  #servedAt = new Map<SessionId, number>();
  /** Turns are numbered; this is each peer's last one. Holds only peers of the last round. */
  #turns = new Map<SessionId, number>();
  #lastTurn = 0;

  /** @param quotaBytes what is sent to one peer before it is another's turn */
  constructor(quotaBytes = DEFAULT_QUOTA_BYTES) {
    this.#quotaBytes = quotaBytes;
  }

  choose({ peers, waiting, slots, now }: ChokerRound): ReadonlySet<SessionId> {
    this.#remember(peers, now);
    const ranking = [...waiting].sort(
      (a, b) =>
        this.#groupOf(a, now) - this.#groupOf(b, now) ||
        (this.#servedAt.get(a.session) ?? -1) - (this.#servedAt.get(b.session) ?? -1) ||
        (this.#turns.get(a.session) ?? 0) - (this.#turns.get(b.session) ?? 0) ||
        a.connectedAt - b.connectedAt ||
        a.session - b.session,
    );
    for (const peer of ranking.slice(0, slots)) if (!peer.isUnchoked) this.#turns.set(peer.session, ++this.#lastTurn);
    return firstOf(ranking, slots);
  }

  /** Who is within its turn, who waits, who has used its turn. */
  #groupOf(peer: ChokerPeer, now: number): 0 | 1 | 2 {
    if (!peer.isUnchoked) return 1;
    return this.#hasUsedTurn(peer, now) ? 2 : 0;
  }

  /** A turn ends after a minute and the quota; for one who takes nothing, after the minute. */
  #hasUsedTurn(peer: ChokerPeer, now: number): boolean {
    if (now - (peer.unchokedAt ?? now) < MIN_TURN_MS) return false;
    return peer.uploadedSinceUnchoke >= this.#quotaBytes || peer.upBytesPerSecond === 0;
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

/** libtorrent's round robin: at least a minute each … */
const MIN_TURN_MS = 60_000;
/** … and 20 pieces; of 256 KiB, the length most torrents had when that was chosen. */
const DEFAULT_QUOTA_BYTES = 20 * 256 * 1024;
