import { BLOCK_BYTES } from '@p2p/wire';

import { BestRate } from '../best-rate.js';
import { LONGEST_TURN } from '../offer-message.js';
import type { Session } from '../session.js';

/** What the room depends on. */
export interface Downlink {
  /** What arrives of late, from all peers together. */
  readonly bytesPerSecond: number;
  readonly blocksOfPiece: number;
}

/**
 * How many blocks more may be asked for, whatever each peer's own window admits.
 *
 * What is asked for is promised to one peer and cannot be had from another who is free sooner. On a full downlink every request
 * more only waits longer, somewhere in the swarm: it takes a turn from a peer whose downlink is idle, and each piece that is
 * under way longer is passed on later. So what is asked of all peers together is bounded by what arrives in a short time.
 *
 * It is asked for at every look at a session, of which there are many for each block that arrives: so it knows who matters, and
 * counts again only after something changed.
 */
export class DownloadRoom {
  /** Whose requests wait for an answer. */
  readonly #asked = new Set<Session>();
  /** Who has something for us and does not choke us. */
  readonly #givers = new Set<Session>();
  readonly #downlink = new BestRate(BEST_MEAN_MS, BEST_MEAN_MS);
  #awaitedCount = 0;
  /** The time for which `#awaitedCount` holds; undefined after a change. */
  #countedAt: number | undefined;

  /** So many bytes of blocks have arrived. */
  received(now: number, bytes: number): void {
    this.#downlink.add(now, bytes);
  }

  /** The session's requests changed, or its choking, or our interest, or it closed. */
  changed(session: Session): void {
    const { isOpen, amInterested, isChokingUs, window } = session;
    keep(this.#asked, session, isOpen && window.outstandingCount > 0);
    keep(this.#givers, session, isOpen && amInterested && !isChokingUs);
    this.#countedAt = undefined;
  }

  /**
   * The room now; Infinity where nobody else could be asked: with one peer there is nothing to choose, and its own window knows the
   * way better.
   *
   * @param asked who would be asked: a seeder for more than others, since what only it has must not wait for what many have
   */
  blocksFor(asked: Session, now: number, { bytesPerSecond, blocksOfPiece }: Downlink): number {
    if (this.#givers.size <= 1 && !asked.isChokingUs) return Infinity;
    const leastBlocks = Math.max(MIN_BLOCKS, MIN_PIECES * Math.min(blocksOfPiece, LONGEST_TURN));
    const mostBlocks = Math.max(leastBlocks, (this.#rateFor(bytesPerSecond) * SECONDS) / BLOCK_BYTES);
    const extraBlocks = asked.isUploadOnly ? MORE_OF_SEEDS : 0;
    return Math.max(0, Math.floor(mostBlocks + extraBlocks - this.#awaited(now)));
  }

  /**
   * What could arrive: by what does alone, who once has less than others would always be asked for less, since all answers take as
   * long.
   */
  #rateFor(bytesPerSecond: number): number {
    const best = this.#downlink.bytesPerSecond ?? 0;
    return Math.max(bytesPerSecond, Math.min(best, bytesPerSecond * MOST_GROWTH));
  }

  #awaited(now: number): number {
    if (this.#countedAt === now) return this.#awaitedCount;
    this.#countedAt = now;
    this.#awaitedCount = 0;
    // Who has fallen silent keeps nobody from asking others.
    for (const session of this.#asked) this.#awaitedCount += session.window.awaitedCount(now);
    return this.#awaitedCount;
  }
}

function keep(set: Set<Session>, session: Session, isMember: boolean): void {
  if (isMember) set.add(session);
  else set.delete(session);
}

/**
 * Measured in virtual time with 2 Mbit/s up and down, where a piece of four blocks takes 0.26 s: 24 blocks are 1.6 s. With 16 the
 * uplinks of a swarm of 32 run dry, with 40 pieces are passed on later: the last was done after 1.20 of the bound, with 16 after
 * 1.30, with 40 after 1.27.
 */
const MIN_BLOCKS = 24;
/**
 * One piece that arrives, and one that is next: what two peers are asked for halves of is complete when both have sent. 64 peers
 * with 100 Mbit/s, 100 ms between them, pieces of 64 blocks: the last is done after 1.60 of the bound, with 24 blocks after 2.03.
 */
const MIN_PIECES = 2;
const SECONDS = 1.5;
/** 64 peers as above: the last is done after 1.50 of the bound, without this after 2.16. */
const MOST_GROWTH = 2;
const BEST_MEAN_MS = 1_000;
const MORE_OF_SEEDS = 8;
