import type { Preference } from './piece-picker.js';

/** What matters of the peer for whom blocks are picked. */
export interface PickHints {
  /** It let a request time out: it gets no piece to itself, and the commonest pieces, which others can give as well. */
  readonly isSnubbed: boolean;
  /** It can be left alone with a whole piece; slow peers share theirs among each other. */
  readonly isFast: boolean;
  /**
   * Spare it: while it owes us anything, ask it only for pieces that no leecher has. For a seeder whose copies the leechers
   * can pass on among themselves, and whose upload is better spent on what only it has.
   */
  readonly isSpared?: boolean;
  /**
   * While it owes us anything, begin a piece of it only with room for so many blocks: the rest of a short piece might have to
   * come from another, be it only because this one chokes us meanwhile, and is complete when both have sent.
   */
  readonly beginsWith?: number;
  /** While the peer chokes us: the only pieces that may be asked of it (BEP 6, allowed fast). */
  readonly allowed?: ReadonlySet<number>;
}

/** Which of a peer's pieces comes next. */
export function preferenceFor(hints: PickHints, order: 'rarest-first' | 'sequential', storedCount: number): Preference {
  if (order === 'sequential') return 'first';
  if (storedCount < RANDOM_FIRST_PIECES) return 'random';
  return hints.isSnubbed ? 'commonest' : 'rarest';
}

/** Until so many pieces are complete, pieces are taken at random: a rare one is slow to come, and trade needs something soon. */
const RANDOM_FIRST_PIECES = 4;
