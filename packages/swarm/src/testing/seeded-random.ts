import type { Random } from '../ports.js';

/**
 * A stream of chance that a seed repeats exactly.
 *
 * The generator is sfc32 (Chris Doty-Humphrey's "small fast counter", 128 bits of state): integer operations only, so
 * every engine gives the same numbers. `fork` gives each user a stream of its own, so that one more draw here does not
 * move the numbers there.
 */
export class SeededRandom implements Random {
  readonly #label: string;
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** @param seed a number or words; 1 and '1' are the same seed */
  constructor(seed: number | string) {
    this.#label = String(seed);
    const mix = mixer(this.#label);
    this.#a = mix();
    this.#b = mix();
    this.#c = mix();
    // Similar seeds begin with similar states; a dozen rounds part them.
    for (let round = 0; round < 12; round++) this.uint32();
  }

  uint32(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** A uniformly distributed integer from 0 to `bound` - 1. */
  below(bound: number): number {
    return Math.floor((this.uint32() / 0x1_0000_0000) * bound);
  }

  /** An independent stream, named by this one's seed and the label alone: it does not matter what was drawn before. */
  fork(label: string): SeededRandom {
    return new SeededRandom(`${this.#label}/${label}`);
  }
}

/** FNV-1a over the label, then a finalizer per word (the constants of MurmurHash3). */
function mixer(label: string): () => number {
  let state = 0x811c9dc5;
  for (let index = 0; index < label.length; index++) {
    state = Math.imul(state ^ label.charCodeAt(index), 0x01000193);
  }
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let word = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
    return word ^ (word >>> 16);
  };
}
