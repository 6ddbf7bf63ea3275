import type { Random } from './random.js';

/** What happened to an address since it was last of use. */
export interface DialHistory {
  /** Dials that failed and connections that were of no use, since the last that was. */
  readonly failures: number;
  /** A person named it: it is tried again soon, and for ever. */
  readonly isTold: boolean;
  /** We had a good link to it not long ago: it, or the way to it, may come back any moment. */
  readonly wasGoodLately: boolean;
}

/**
 * How long to wait before an address is dialled again, in ms.
 *
 * Doubling, as Transmission does it (5 s after a useful peer, 10 s … 2 h otherwise); up to a quarter is added by chance,
 * so that a swarm whose bootstrap peer went away does not come back all at once.
 */
export function retryDelayMs(history: DialHistory, random: Random): number {
  const jitter = 1 + random.uint32() / 0x1_0000_0000 / 4;
  return Math.round(plainDelayMs(history) * jitter);
}

function plainDelayMs({ failures, isTold, wasGoodLately }: DialHistory): number {
  // 2 ** 20 is far above every cap, and far below where powers lose digits.
  const doublings = 2 ** Math.min(20, Math.max(0, failures - 1));
  if (isTold) return Math.min(MAX_TOLD_DELAY_MS, FIRST_TOLD_DELAY_MS * doublings);
  if (failures === 0) return USEFUL_DELAY_MS;
  return Math.min(wasGoodLately ? MAX_LATELY_GOOD_DELAY_MS : MAX_DELAY_MS, FIRST_DELAY_MS * doublings);
}

const USEFUL_DELAY_MS = 5_000;
const FIRST_DELAY_MS = 10_000;
/** A partition of some minutes is to be bridged within seconds of its end. */
const MAX_LATELY_GOOD_DELAY_MS = 30_000;
const MAX_DELAY_MS = 2 * 60 * 60 * 1_000;
/** Told addresses: 1, 2, 4 … 60 s. */
const FIRST_TOLD_DELAY_MS = 1_000;
const MAX_TOLD_DELAY_MS = 60_000;
