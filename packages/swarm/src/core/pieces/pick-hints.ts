import type { SessionId } from '../input.js';
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
  /**
   * Whether answers of another peer may be expected: what that one was asked for is not asked of this one as well. Left out, nobody's
   * are.
   */
  readonly isAnswering?: (session: SessionId) => boolean;
  /** While the peer chokes us: the only pieces that may be asked of it (BEP 6, allowed fast). */
  readonly allowed?: ReadonlySet<number>;
}

/**
 * Which of a peer's pieces comes next.
 *
 * @param isSeed the peer has all pieces: a rare one is had of it as soon as any other
 */
export function preferenceFor(
  { isSnubbed }: PickHints,
  {
    order,
    storedCount,
    isSeed,
  }: { readonly order: 'rarest-first' | 'sequential'; readonly storedCount: number; readonly isSeed: boolean },
): Preference {
  if (order === 'sequential') return 'first';
  if (storedCount < RANDOM_FIRST_PIECES && !isSeed) return 'random';
  return isSnubbed ? 'commonest' : 'rarest';
}

/**
 * Until so many pieces are complete, pieces are taken at random of leechers: a rare one is slow to come, and trade needs something
 * soon.
 */
const RANDOM_FIRST_PIECES = 4;
