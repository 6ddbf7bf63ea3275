import type { Random } from './random.js';

/** What happened to an address since it was last of use. */
export interface DialHistory {
  /** Dials that failed and connections that were of no use, since the last that was. */
  readonly failures: number;
  /** A person named it: it is tried again soon, and for ever. */
  readonly isTold: boolean;
}

/**
 * How long to wait before an address is dialled again, in ms.
 *
 * Doubling, as Transmission does it (5 s after a useful peer, 10 s … 2 h otherwise); up to a quarter is added by chance,
 * so that a swarm whose bootstrap peer went away does not come back all at once.
 */
export function retryDelayMs({ failures, isTold }: DialHistory, random: Random): number {
  const jitter = 1 + random.uint32() / 0x1_0000_0000 / 4;
  return Math.round(plainDelayMs(failures, isTold) * jitter);
}

function plainDelayMs(failures: number, isTold: boolean): number {
  // 2 ** 20 is far above every cap, and far below where powers lose digits.
  const doublings = 2 ** Math.min(20, Math.max(0, failures - 1));
  if (isTold) return Math.min(MAX_TOLD_DELAY_MS, FIRST_TOLD_DELAY_MS * doublings);
  if (failures === 0) return USEFUL_DELAY_MS;
  return Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * doublings);
}

const USEFUL_DELAY_MS = 5_000;
const FIRST_DELAY_MS = 10_000;
const MAX_DELAY_MS = 2 * 60 * 60 * 1_000;
/** Told addresses: 1, 2, 4 … 60 s. */
const FIRST_TOLD_DELAY_MS = 1_000;
const MAX_TOLD_DELAY_MS = 60_000;
