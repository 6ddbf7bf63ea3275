import type { KnownAddress } from './known-address.js';
import type { Random } from '../random.js';

/**
 * When an address may be dialled again.
 *
 * Waiting times double, as Transmission's do (5 s after a useful peer, 10 s … 2 h otherwise); up to a quarter is added by
 * chance, so that a swarm whose bootstrap peer went away does not come back all at once.
 *
 * @param leastMs however good it was
 */
export function retryAt(known: KnownAddress, now: number, leastMs: number, random: Random): number {
  const jitter = 1 + random.uint32() / 0x1_0000_0000 / 4;
  const mayComeBack = known.isReachable && wasGoodLately(known, now);
  const delayMs = Math.max(leastMs, Math.round(plainDelayMs(known, mayComeBack) * jitter));
  return Math.max(now + delayMs, mayComeBack ? 0 : pacedUntil(known));
}

/** We had a good link to it not long ago: it, or the way to it, may come back any moment, and we can vouch for it. */
export function wasGoodLately({ goodAt }: KnownAddress, now: number): boolean {
  return goodAt !== undefined && now - goodAt < LATELY_MS;
}

/** Nobody dialled it for a while: one more dial is no burden. */
export function wasLeftAlone({ dialedAt }: KnownAddress, now: number): boolean {
  return now - (dialedAt.at(-1) ?? -Infinity) >= LEFT_ALONE_MS;
}

/** The dials to remember of an address, with one more; oldest first. */
export function withDial(dialedAt: readonly number[], now: number): readonly number[] {
  return [...dialedAt.slice(1 - MAX_DIALS_IN_WINDOW), now];
}

/** protocol.md, D2 row 11: no address is dialled often in vain, whoever names it; unless a person does. */
function pacedUntil({ source, failures, dialedAt }: KnownAddress): number {
  const [oldest] = dialedAt;
  if (source.kind === 'told' || failures === 0 || oldest === undefined) return 0;
  return dialedAt.length === MAX_DIALS_IN_WINDOW ? oldest + DIAL_WINDOW_MS : 0;
}

function plainDelayMs({ failures, source }: KnownAddress, mayComeBack: boolean): number {
  // A person named it: it is tried again soon, and for ever.
  if (source.kind === 'told') return Math.min(MAX_TOLD_DELAY_MS, TOLD_DELAY_MS * doubled(failures - PROMPT_TRIES));
  if (failures === 0) return USEFUL_DELAY_MS;
  return Math.min(mayComeBack ? MAX_LATELY_GOOD_DELAY_MS : MAX_DELAY_MS, FIRST_DELAY_MS * doubled(failures - 1));
}

function doubled(times: number): number {
  // 2 ** 20 is far above every cap, and far below where powers lose digits.
  return 2 ** Math.min(20, Math.max(0, times));
}

const LATELY_MS = 10 * 60 * 1_000;
const LEFT_ALONE_MS = 30_000;
const MAX_DIALS_IN_WINDOW = 3;
const DIAL_WINDOW_MS = 10 * 60 * 1_000;
const USEFUL_DELAY_MS = 5_000;
const FIRST_DELAY_MS = 10_000;
/** A partition of some minutes is to be bridged within seconds of its end. */
const MAX_LATELY_GOOD_DELAY_MS = 30_000;
const MAX_DELAY_MS = 2 * 60 * 60 * 1_000;
/**
 * Told addresses: every second at first, then 2, 4 … 60 s. When a crowd comes to the only address that it was told, most find it
 * full for a moment, and in the pauses of 2, 4 and 8 s nobody would be let in. 400 peers, 64 pieces: the last is done after 1.75
 * of the bound, else after 1.86.
 */
const TOLD_DELAY_MS = 1_000;
const PROMPT_TRIES = 8;
const MAX_TOLD_DELAY_MS = 60_000;
