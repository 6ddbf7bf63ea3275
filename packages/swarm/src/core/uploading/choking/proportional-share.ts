import type { SessionId } from '../../input.js';
import { byHolding, type ChokerPeer, type ChokerPolicy, type ChokerRound, firstOf } from './choker-policy.js';

/**
 * Each peer holds slots for the share of time that is its share of what all who wait send us. To give more earns more, where
 * tit for tat gives the least of the rewarded as much as the greatest. A fifth is shared out evenly, or nobody new would
 * ever begin.
 *
 * Slots are whole and rounds are not: what is owed to a peer adds up from round to round, and the slots go to those who are
 * owed most.
 *
 * @see D. Levin and others: BitTorrent is an Auction: Analyzing and Improving BitTorrent's Incentives (2008)
 */
export class ProportionalShare implements ChokerPolicy {
  /** Slots that each peer is owed; below 0 for one that had more than its share. Holds only peers of the last round. */
  #owed = new Map<SessionId, number>();

  choose({ waiting, slots }: ChokerRound): ReadonlySet<SessionId> {
    const earnings = waiting.map(earningsOf);
    const sum = earnings.reduce((all, each) => all + each, 0);
    const given = Math.min(slots, waiting.length);
    const owed = new Map<SessionId, number>();
    for (const [index, { session }] of waiting.entries()) {
      const even = given / waiting.length;
      const earned = sum > 0 ? (given * (earnings[index] ?? 0)) / sum : even;
      const due = (this.#owed.get(session) ?? 0) + EVEN_SHARE * even + (1 - EVEN_SHARE) * earned;
      owed.set(session, Math.max(-MOST_OWED, Math.min(MOST_OWED, due)));
    }
    const dueTo = ({ session }: ChokerPeer): number => owed.get(session) ?? 0;
    const ranking = [...waiting].sort((a, b) => dueTo(b) - dueTo(a) || byHolding(a, b));
    const chosen = firstOf(ranking, slots);
    for (const session of chosen) owed.set(session, (owed.get(session) ?? 0) - 1);
    this.#owed = owed;
    return chosen;
  }
}

function earningsOf(peer: ChokerPeer): number {
  return peer.isSnubbed ? 0 : peer.downloadedInRound;
}

/** What is given whatever a peer sends, as much as the optimistic slots of the rate-based rule (PropShare: a fifth). */
const EVEN_SHARE = 0.2;
/** Rounds. A peer that earned much more than one slot is not owed for ever after it ceased to. */
const MOST_OWED = 3;
