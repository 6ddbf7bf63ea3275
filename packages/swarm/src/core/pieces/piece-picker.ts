import type { Availability } from './availability.js';
import type { PeerInterest } from './peer-interest.js';
import { type Random, randomBelow } from '../random.js';

/** Which of the pieces that a peer can give is wanted most. */
export type Preference = 'rarest' | 'commonest' | 'random' | 'first';

/**
 * Chooses the next piece to begin, for one peer.
 *
 * Rarest first is a walk along the order of `Availability` to the first piece that the peer has. It is nearly always short;
 * where it is not (the peer has little, and common pieces only), part of the peer's own list is searched; where that would be
 * too long for a list, part of its set. Both find a piece that is at least among its rarer ones. So a choice takes
 * microseconds with a million pieces; with up to `MAX_EXACT` that we look for it is always the rarest.
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
    if (peer.isExhausted || this.#availability.candidateCount === 0) return undefined;
    const found = this.#search(peer, preference);
    if (found === undefined) peer.foundNothing();
    return found;
  }

  /** The rarest of a few given pieces; undefined if none is a candidate that the peer has. */
  chooseAmong(pieces: Iterable<number>, peer: PeerInterest): number | undefined {
    let best: number | undefined;
    for (const piece of pieces) {
      if (peer.pieces.has(piece) && this.#isBetter(piece, best, 'rarest')) best = piece;
    }
    return best;
  }

  /** A piece became a candidate again. */
  included(piece: number): void {
    this.#firstCandidate = Math.min(this.#firstCandidate, piece);
  }

  #search(peer: PeerInterest, preference: Preference): number | undefined {
    switch (preference) {
      case 'first':
        return this.#first(peer);
      case 'random':
        return this.#draw(peer) ?? this.#byRarity(peer, 'rarest');
      case 'rarest':
      case 'commonest':
        return this.#byRarity(peer, preference);
    }
  }

  #byRarity(peer: PeerInterest, wanted: Rarity): number | undefined {
    const availability = this.#availability;
    availability.sweep();
    const steps = availability.candidateCount <= MAX_EXACT ? MAX_EXACT : MAX_STEPS;
    const found = availability.isLagging ? undefined : availability.find(peer.pieces, wanted, steps);
    if (found !== undefined) return found;
    const list = peer.shortlist();
    return list === undefined ? this.#bestOfSome(peer, wanted) : this.#bestOf(list, wanted);
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
  #bestOfSome(peer: PeerInterest, wanted: Rarity): number | undefined {
    const { pieces } = peer;
    const { candidates } = this.#availability;
    let best: number | undefined;
    let piece = peer.searchedTo ?? randomBelow(this.#random, pieces.size);
    for (let find = 0; find < GOOD_FINDS; find++) {
      const next = pieces.firstCommonFrom(candidates, piece + 1) ?? pieces.firstCommonFrom(candidates, 0);
      if (next === undefined) break;
      piece = next;
      if (this.#isBetter(piece, best, wanted)) best = piece;
    }
    peer.searchedTo = piece;
    return best;
  }

  /**
   * The rarest of a stretch of the list that begins anywhere, so that among equals chance decides. The stretch goes on to
   * the end only if it has no candidate.
   */
  #bestOf(list: readonly number[], wanted: Rarity): number | undefined {
    let best: number | undefined;
    const steps = list.length <= MAX_EXACT_LIST ? MAX_EXACT_LIST : MAX_LIST_STEPS;
    const offset = randomBelow(this.#random, list.length);
    for (let step = 0; step < list.length && (step < steps || best === undefined); step++) {
      const piece = list[(offset + step) % list.length];
      if (piece !== undefined && this.#isBetter(piece, best, wanted)) best = piece;
    }
    return best;
  }

  #isBetter(piece: number, best: number | undefined, wanted: Rarity): boolean {
    if (!this.#availability.isCandidate(piece)) return false;
    if (best === undefined) return true;
    const difference = this.#availability.copiesAmongLeechers(piece) - this.#availability.copiesAmongLeechers(best);
    return wanted === 'rarest' ? difference < 0 : difference > 0;
  }

  /** In order of the content. */
  #first(peer: PeerInterest): number | undefined {
    const { candidates } = this.#availability;
    this.#firstCandidate = candidates.firstCommonFrom(candidates, this.#firstCandidate) ?? candidates.size;
    return peer.pieces.firstCommonFrom(candidates, this.#firstCandidate);
  }
}

type Rarity = 'rarest' | 'commonest';

/** With so many candidates or fewer, all are looked at where need be. */
const MAX_EXACT = 1_024;
/** With more, so many: each look may miss the processor's caches, and a choice should take 20 µs at the most. */
const MAX_STEPS = 16;
/** The same for a peer's own list. */
const MAX_EXACT_LIST = 256;
const MAX_LIST_STEPS = 24;
/** Draws for a random piece, before a rare one is taken instead. */
const MAX_DRAWS = 64;
/** Of so many finds in a row the rarest is taken. */
const GOOD_FINDS = 12;
