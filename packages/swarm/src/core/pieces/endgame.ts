import type { BlockRef } from '@p2p/wire';

import type { Availability } from './availability.js';
import type { SessionId } from '../input.js';
import { MAX_COPIES, type PieceAssembly } from './piece-assembly.js';
import type { PieceStates } from './piece-states.js';

/** Every block that anybody here can give is asked of somebody. */
export function isEverythingAsked(
  { owned, orphans }: Pick<PieceStates, 'owned' | 'orphans'>,
  availability: Availability,
): boolean {
  if (availability.obtainableCount > 0) return false;
  for (const { isExclusive } of owned) if (!isExclusive) return false;
  for (const { piece } of orphans) if (availability.isHeld(piece)) return false;
  return true;
}

/**
 * The block to ask for a second time, when every wanted block is asked of somebody and one peer has nothing to do: the end
 * of a download must not wait for its slowest peer.
 *
 * Nothing is asked again of what is expected soon: the copy would take the place of a block that somebody lacks, most of all
 * where many wait for one rare piece. Blocks with the fewest copies in flight come first, among these the one begun longest ago. The
 * cost is bounded by who calls: one block at a time, for a peer with nothing else outstanding (libtorrent's rule).
 *
 * @param isSnubbed whether the peer is: the last place of a block is kept for one who answers, or a few silent ones would have them all
 * @param mayShare whether the peer has the piece, and may add blocks to what others sent
 * @param isAnswering whether answers of a session may be expected
 */
export function requestDuplicate(
  open: Iterable<PieceAssembly>,
  session: SessionId,
  {
    isSnubbed,
    mayShare,
    isAnswering,
  }: {
    readonly isSnubbed: boolean;
    readonly mayShare: (assembly: PieceAssembly) => boolean;
    readonly isAnswering: (session: SessionId) => boolean;
  },
): BlockRef | undefined {
  const mostCopies = mostCopiesFor(isSnubbed);
  let best: { readonly assembly: PieceAssembly; readonly blockIndex: number; readonly copies: number } | undefined;
  for (const assembly of open) {
    if (assembly.requestCount === 0 || !mayShare(assembly)) continue;
    for (let blockIndex = 0; blockIndex < assembly.blockCount; blockIndex++) {
      const copies = assembly.copiesOf(blockIndex);
      if (copies === 0 || copies >= (best?.copies ?? mostCopies)) continue;
      if (assembly.isBlockRequestedFromAny(blockIndex, (asked) => asked === session || isAnswering(asked))) continue;
      if (copies === 1) return assembly.request(session, blockIndex);
      best = { assembly, blockIndex, copies };
    }
  }
  return best?.assembly.request(session, best.blockIndex);
}

function mostCopiesFor(isSnubbed: boolean): number {
  return isSnubbed ? MAX_COPIES - 1 : MAX_COPIES;
}
