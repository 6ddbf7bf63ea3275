import { BLOCK_BYTES } from '@p2p/wire';

import type { Session } from './session.js';

/**
 * How many blocks more may be asked for, whatever each peer's own window admits; Infinity where nobody else could be asked.
 *
 * What is asked for is promised to one peer and cannot be had from another who is free sooner. On a full downlink every request
 * more only waits longer, somewhere in the swarm: it takes a turn from a peer whose downlink is idle, and each piece that is
 * under way longer is passed on later. So what is asked of all peers together is bounded by what arrives in a short time.
 *
 * With one peer to ask there is nothing to choose, and its own window knows the way better.
 *
 * @param asked who would be asked: a seeder for more than others, since what only it has must not wait for what many have
 * @param bytesPerSecond what arrives, from all peers together
 */
export function downloadRoom(asked: Session, sessions: Iterable<Session>, bytesPerSecond: number, now: number): number {
  let askedCount = 0;
  let giverCount = 0;
  for (const session of sessions) {
    // Who has fallen silent keeps nobody from asking others.
    askedCount += session.window.awaitedCount(now);
    if (session.amInterested && !session.isChokingUs) giverCount += 1;
  }
  if (giverCount <= 1) return Infinity;
  const mostBlocks = Math.max(MIN_BLOCKS, (bytesPerSecond * SECONDS) / BLOCK_BYTES);
  const extraBlocks = asked.isUploadOnly ? MORE_OF_SEEDS : 0;
  return Math.max(0, Math.floor(mostBlocks + extraBlocks - askedCount));
}

/**
 * Measured in virtual time with 2 Mbit/s up and down, where a piece of four blocks takes 0.26 s: 24 blocks are 1.6 s. With 16 the
 * uplinks of a swarm of 32 run dry, with 40 pieces are passed on later: the last was done after 1.20 of the bound, with 16 after
 * 1.30, with 40 after 1.27.
 */
const MIN_BLOCKS = 24;
const SECONDS = 1.5;
const MORE_OF_SEEDS = 8;
