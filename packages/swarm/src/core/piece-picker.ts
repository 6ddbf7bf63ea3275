import type { Availability } from './availability.js';
import type { PeerInterest } from './peer-interest.js';
import { type Random, randomBelow } from './random.js';

/** Which of the pieces that a peer can give is wanted most. */
export type Preference = 'rarest' | 'commonest' | 'random' | 'first';

/**
 * Chooses the next piece to begin, for one peer.
 *
 * Rarest first is a walk along the order of `Availability` to the first piece that the peer has. It is nearly always short;
 * where it is not (the peer has little, and common pieces only), part of the peer's own list is searched; where that would be
 * too long for a list, part of its set. Both find a piece that is at least among its rarer ones. So a choice takes microseconds with a million pieces.
 */
export class PiecePicker {
  readonly #availability: Availability;
  readonly #random: Random;
  /** No candidate is below this piece: where a sequential search begins. */
  #firstCandidate = 0;

  constructor(availability: Availability, random: Random) {
    this.#availability = availability;
    this.#random = random;
  }

  /** A candidate that the peer has; undefined if there is none. */
  choose(peer: PeerInterest, preference: Preference): number | undefined {
    if (peer.missingCount === 0) return undefined;
    this.#availability.refresh();
    switch (preference) {
      case 'first':
        return this.#first(peer);
      case 'random':
        return this.#draw(peer) ?? this.#byRarity(peer, false);
      case 'rarest':
        return this.#byRarity(peer, false);
      case 'commonest':
        return this.#byRarity(peer, true);
    }
  }

  /** The rarest of a few given pieces; undefined if none is a candidate that the peer has. */
  chooseAmong(pieces: Iterable<number>, peer: PeerInterest): number | undefined {
    let best: number | undefined;
    for (const piece of pieces) {
      if (peer.pieces.has(piece) && this.#isBetter(piece, best, false)) best = piece;
    }
    return best;
  }

  /** A piece became a candidate again. */
  included(piece: number): void {
    this.#firstCandidate = Math.min(this.#firstCandidate, piece);
  }

  #byRarity(peer: PeerInterest, isReversed: boolean): number | undefined {
    const walked = this.#walk(peer, isReversed, MAX_STEPS);
    if (walked !== undefined || this.#availability.candidateCount <= MAX_STEPS) return walked;
    const list = peer.shortlist();
    if (list !== undefined) return this.#bestOf(list, isReversed);
    return this.#bestOfSome(peer, isReversed);
  }

  /** Along the order from one end, at most so many steps. */
  #walk(peer: PeerInterest, isReversed: boolean, maxSteps: number): number | undefined {
    const { pieces } = peer;
    const availability = this.#availability;
    // What only seeds have is at the front, and no use to look through for anybody else.
    const start = pieces.isFull ? 0 : availability.unheldCount;
    const end = availability.candidateCount;
    const steps = Math.min(end - start, maxSteps);
    for (let step = 0; step < steps; step++) {
      const piece = availability.candidateAt(isReversed ? end - 1 - step : start + step);
      if (pieces.has(piece)) return piece;
    }
    return undefined;
  }

  /** Any candidate that the peer has; undefined if chance does not find one soon. */
  #draw(peer: PeerInterest): number | undefined {
    for (let draw = 0; draw < MAX_DRAWS; draw++) {
      const piece = this.#availability.candidateAt(randomBelow(this.#random, this.#availability.candidateCount));
      if (peer.pieces.has(piece)) return piece;
    }
    return undefined;
  }

  /**
   * The rarest of the next few candidates that the peer has, in the order of the content, from where the last search ended:
   * a peer that has its pieces in one stretch is not searched for it again and again.
   */
  #bestOfSome(peer: PeerInterest, isReversed: boolean): number | undefined {
    const { pieces } = peer;
    let piece = peer.searchedTo ?? randomBelow(this.#random, pieces.size);
    let best: number | undefined;
    let found = 0;
    for (let step = 0; step < pieces.size && found < GOOD_FINDS; step++) {
      piece = piece + 1 < pieces.size ? piece + 1 : 0;
      if (!pieces.has(piece) || !this.#availability.isCandidate(piece)) continue;
      found += 1;
      if (this.#isBetter(piece, best, isReversed)) best = piece;
    }
    peer.searchedTo = piece;
    return best;
  }

  /**
   * The rarest of a stretch of the list that begins anywhere, so that among equals chance decides. The stretch goes on to
   * the end only if it has no candidate.
   */
  #bestOf(list: readonly number[], isReversed: boolean): number | undefined {
    let best: number | undefined;
    const offset = randomBelow(this.#random, list.length);
    for (let step = 0; step < list.length && (step < MAX_STEPS || best === undefined); step++) {
      const piece = list[(offset + step) % list.length];
      if (piece !== undefined && this.#isBetter(piece, best, isReversed)) best = piece;
    }
    return best;
  }

  #isBetter(piece: number, best: number | undefined, isReversed: boolean): boolean {
    if (!this.#availability.isCandidate(piece)) return false;
    if (best === undefined) return true;
    const difference = this.#availability.copiesAmongLeechers(piece) - this.#availability.copiesAmongLeechers(best);
    return isReversed ? difference > 0 : difference < 0;
  }

  /** In order of the content. */
  #first(peer: PeerInterest): number | undefined {
    const availability = this.#availability;
    const { size } = peer.pieces;
    while (this.#firstCandidate < size && !availability.isCandidate(this.#firstCandidate)) this.#firstCandidate += 1;
    for (let step = 0, piece = this.#firstCandidate; piece < size; step++, piece++) {
      if (peer.pieces.has(piece) && availability.isCandidate(piece)) return piece;
      const list = step === MAX_STEPS ? peer.shortlist() : undefined;
      if (list !== undefined) return leastCandidate(list, availability);
    }
    return undefined;
  }
}

function leastCandidate(list: readonly number[], availability: Availability): number | undefined {
  let least = Infinity;
  for (const piece of list) if (piece < least && availability.isCandidate(piece)) least = piece;
  return least === Infinity ? undefined : least;
}

/** Length of the walk along the order, and of the search in a list: some microseconds each. */
const MAX_STEPS = 1_024;
/** Draws for a random piece, before a rare one is taken instead. */
const MAX_DRAWS = 64;
/** Of so many finds in a row the rarest is taken. */
const GOOD_FINDS = 4;
