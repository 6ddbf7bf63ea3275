import type { SessionId } from '../input.js';
import { oneOf, type Random } from '../random.js';
import { TokenBucket } from '../token-bucket.js';

/**
 * When we ask whom for acquaintances, and how often others may tell us theirs.
 *
 * One neighbour by lot at a time: every 2 to 5 s in our first minute, and again for a while after much was news, for then
 * the swarm changes; every 30 to 60 s else, which keeps what is known fresh (simulation.md, C.4 and C.5 row 8).
 */
export class GossipPace {
  readonly #random: Random;
  /** Who understands gossip, and what it may still send. */
  readonly #sessions = new Map<SessionId, TokenBucket>();
  #fastUntil: number | undefined;
  #askAt: number | undefined;

  constructor(random: Random) {
    this.#random = random;
  }

  open(session: SessionId, now: number): void {
    this.#sessions.set(session, new TokenBucket(MESSAGES_PER_SECOND, MESSAGES_BURST));
    this.#fastUntil ??= now + YOUTH_MS;
    this.#askAt ??= now + this.#gap(now);
  }

  close(session: SessionId): void {
    this.#sessions.delete(session);
  }

  /** Whether the peer takes part. */
  knows(session: SessionId): boolean {
    return this.#sessions.has(session);
  }

  /** Whether the peer keeps to the pace of what it may send; one that takes no part may send nothing. */
  admits(session: SessionId, now: number): boolean {
    return this.#sessions.get(session)?.take(now, 1) === true;
  }

  /** Whom to ask now, if it is time. */
  takeDue(now: number): SessionId | undefined {
    if (this.#askAt === undefined || now < this.#askAt) return undefined;
    const sessions = [...this.#sessions.keys()];
    this.#askAt = sessions.length === 0 ? undefined : now + this.#gap(now);
    return oneOf(this.#random, sessions);
  }

  nextDeadline(): number | undefined {
    return this.#askAt;
  }

  /** Much was news: there is more to be learnt soon. */
  quicken(now: number): void {
    this.#fastUntil = Math.max(this.#fastUntil ?? 0, now + QUICK_MS);
    if (this.#askAt !== undefined) this.#askAt = Math.min(this.#askAt, now + this.#gap(now));
  }

  #gap(now: number): number {
    const [least, most] = now < (this.#fastUntil ?? 0) ? FAST_GAP_MS : CALM_GAP_MS;
    return least + Math.floor((this.#random.uint32() / 0x1_0000_0000) * (most - least));
  }
}

const YOUTH_MS = 60_000;
const QUICK_MS = 20_000;
const FAST_GAP_MS = [2_000, 5_000] as const;
const CALM_GAP_MS = [30_000, 60_000] as const;
/** Our own nodes ask a neighbour less than once in two seconds, and answer as often. */
const MESSAGES_PER_SECOND = 2;
/** A connection that stalls for a minute delivers a minute's messages at once; after that it is given up. */
const MESSAGES_BURST = 70;
