import type { SessionId } from '../../input.js';
import { byHolding, type ChokerPeer, type ChokerPolicy, type ChokerRound, firstOf } from './choker-policy.js';

/**
 * Who has the fewest pieces comes first. For swarms of one owner, where nobody needs to be paid: the last to finish finishes sooner,
 * and whoever has little has the most others to pass it on to. It rewards nothing.
 */
export class Cooperative implements ChokerPolicy {
  choose({ waiting, slots }: ChokerRound): ReadonlySet<SessionId> {
    return firstOf([...waiting].sort(byFewestPieces), slots);
  }
}

function byFewestPieces(a: ChokerPeer, b: ChokerPeer): number {
  return a.pieceShare - b.pieceShare || byHolding(a, b);
}
