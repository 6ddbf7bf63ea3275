import { type Random, randomBelow } from '../random.js';
import type { Session } from '../session.js';
import type { ChokerRule, SeedChokerRule } from './choking/choker-rules.js';

/**
 * Whom to offer a turn, by the same rules as slots are given by: of a few peers by lot the best by the rule. Every fourth offer is
 * anybody's, as one slot is (BEP 3, optimistic unchoking): who has nothing to give yet is not left out.
 *
 * A seeder makes every other offer to whoever has least, for the reason that `SlotQueue` tells.
 */
export class OfferOrder {
  readonly #random: Random;
  readonly #isBetter: Comparison;
  readonly #isBetterForSeeder: Comparison;
  #isNewcomersTurn = false;
  #count = 0;

  constructor(random: Random, leeching: ChokerRule, seeding: SeedChokerRule) {
    this.#random = random;
    this.#isBetter = COMPARISONS[leeching];
    this.#isBetterForSeeder = COMPARISONS[seeding];
  }

  /** @param able those who can be offered a turn */
  choose(able: readonly Session[], isSeeding: boolean, now: number): Session | undefined {
    if (isSeeding) this.#isNewcomersTurn = !this.#isNewcomersTurn;
    if (isSeeding && this.#isNewcomersTurn) return bestOf(able, hasLess, now);
    const drawn = ++this.#count % LOT_EVERY === 0 ? 1 : DRAWN;
    return bestOf(this.#byLot(able, drawn), isSeeding ? this.#isBetterForSeeder : this.#isBetter, now);
  }

  *#byLot(able: readonly Session[], most: number): Iterable<Session> {
    for (let count = Math.min(most, able.length); count > 0; count--) {
      const drawn = able[randomBelow(this.#random, able.length)];
      if (drawn !== undefined) yield drawn;
    }
  }
}

type Comparison = (session: Session, other: Session, now: number) => boolean;

/** The first that none comes before. */
function bestOf(sessions: Iterable<Session>, comesBefore: Comparison, now: number): Session | undefined {
  let best: Session | undefined;
  for (const session of sessions) if (best === undefined || comesBefore(session, best, now)) best = session;
  return best;
}

function gaveMore(session: Session, other: Session, now: number): boolean {
  return session.downMeter.bytesPerSecond(now) > other.downMeter.bytesPerSecond(now);
}

function hasLess(session: Session, other: Session): boolean {
  return (session.pieces.known?.count ?? 0) < (other.pieces.known?.count ?? 0);
}

function isNot(): boolean {
  return false;
}

/** Rules for slots look back over a round; a turn is too short for that, and takes of a rule what it prefers. */
const COMPARISONS: Readonly<Record<ChokerRule | SeedChokerRule, Comparison>> = {
  'rate-based': gaveMore,
  'proportional-share': gaveMore,
  'round-robin': isNot,
  'anti-leech': isNot,
  cooperative: hasLess,
};

/** Those of a scenario with lines of three rates are done after 1.30 of the bound with two, 1.26 with eight, 1.24 with sixteen. */
const DRAWN = 8;
const LOT_EVERY = 4;
