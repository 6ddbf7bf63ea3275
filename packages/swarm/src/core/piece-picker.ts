import type { Availability } from './availability.js';
import type { PeerInterest } from './peer-interest.js';
import { type Random, randomBelow } from './random.js';

/** Which of the pieces that a peer can give is wanted most. */
export type Preference = 'rarest' | 'commonest' | 'random' | 'first';

/**
 * Chooses the next piece to begin, for one peer.
 *
 * Rarest first is a walk along the order of `Availability` to the first piece that the peer has. It is nearly always short;
 * where it is not (the peer has little, and common pieces only), the peer's own list is searched; where that is too long for
 * a list, draws find a piece that is at least among the rarer ones. So a choice takes microseconds with a million pieces.
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
        return this.#draw(peer, 1) ?? this.#byRarity(peer, false);
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
    return this.#draw(peer, GOOD_DRAWS) ?? this.#walk(peer, isReversed, Infinity);
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

  /** The rarest of the first `wanted` candidates that the peer turns out to have, drawn at random. */
  #draw(peer: PeerInterest, wanted: number): number | undefined {
    let best: number | undefined;
    let found = 0;
    for (let draw = 0; draw < MAX_DRAWS && found < wanted; draw++) {
      const piece = this.#availability.candidateAt(randomBelow(this.#random, this.#availability.candidateCount));
      if (!peer.pieces.has(piece)) continue;
      found += 1;
      if (this.#isBetter(piece, best, false)) best = piece;
    }
    return best;
  }

  /** Begins anywhere in the list, so that among equals chance decides. */
  #bestOf(list: readonly number[], isReversed: boolean): number | undefined {
    let best: number | undefined;
    const offset = randomBelow(this.#random, list.length);
    for (let step = 0; step < list.length; step++) {
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

/** Length of the walk that is always made: some microseconds. Covers most torrents whole. */
const MAX_STEPS = 2_048;
/** One in 200 candidates or more: what a peer without a list has. So many draws miss it once in 150 times. */
const MAX_DRAWS = 1_024;
/** Of so many finds the rarest is taken. */
const GOOD_DRAWS = 4;
