import type { SessionId } from '../../input.js';
import { type ChokerPeer, type ChokerPolicy, type ChokerRound, firstOf } from './choker-policy.js';

/**
 * Who has just begun and who is nearly done come first: the one will soon have something to give, the other will soon be a seeder.
 * A peer that only takes spends most of its time between. As libtorrent's `anti_leech`.
 */
export class AntiLeech implements ChokerPolicy {
  choose({ waiting, slots }: ChokerRound): ReadonlySet<SessionId> {
    return firstOf([...waiting].sort(byDistanceFromHalf), slots);
  }
}

/** Between equals who waits longest comes first (libtorrent), which means who was not unchoked. */
function byDistanceFromHalf(a: ChokerPeer, b: ChokerPeer): number {
  return (
    Math.abs(b.pieceShare - 0.5) - Math.abs(a.pieceShare - 0.5) ||
    Number(a.isUnchoked) - Number(b.isUnchoked) ||
    a.connectedAt - b.connectedAt ||
    a.session - b.session
  );
}
