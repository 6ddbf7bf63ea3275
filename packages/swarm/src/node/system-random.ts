import { randomFillSync } from 'node:crypto';

import type { Random } from '../ports.js';

/** The machine's own randomness, drawn a page at a time. */
export class SystemRandom implements Random {
  readonly #words = new Uint32Array(1_024);
  #next = this.#words.length;

  uint32(): number {
    if (this.#next === this.#words.length) {
      randomFillSync(this.#words);
      this.#next = 0;
    }
    const word = this.#words[this.#next] ?? 0;
    this.#next += 1;
    return word;
  }
}
