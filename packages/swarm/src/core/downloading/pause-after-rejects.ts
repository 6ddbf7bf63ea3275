/**
 * For how long a peer that only rejects is asked for nothing, ms: 1 s, doubling to 60 s; 0 while it has rejected few.
 *
 * @param streak requests that it rejected, since it sent a block
 */
export function pauseAfterRejects(streak: number): number {
  if (streak < REJECTS_BEFORE_PAUSE) return 0;
  const doublings = (streak - REJECTS_BEFORE_PAUSE) >> 4;
  return Math.min(MAX_REJECT_PAUSE_MS, MIN_REJECT_PAUSE_MS * 2 ** Math.min(doublings, 10));
}

const REJECTS_BEFORE_PAUSE = 32;
const MIN_REJECT_PAUSE_MS = 1_000;
const MAX_REJECT_PAUSE_MS = 60_000;
