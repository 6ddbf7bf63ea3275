import { SHA1_BYTES, sha1, startSha1 } from './sha1.js';
import type { RunningSha1 } from './sha1.js';

/** The SHA-1 of each of some stretches that follow each other without a gap, of bytes that come in order in any portions. */
export class ConsecutiveHashes {
  /** 20 bytes for each stretch; complete once all bytes were given. */
  readonly digests: Uint8Array;
  readonly #lengthOf: (index: number) => number;
  readonly #count: number;
  #index = 0;
  /** The stretch whose bytes were cut by the end of a portion, and how many of them are still to come. */
  #running: RunningSha1 | undefined;
  #missing = 0;

  /** @param lengthOf the bytes of each stretch; there may be none in it */
  constructor(count: number, lengthOf: (index: number) => number) {
    this.digests = new Uint8Array(count * SHA1_BYTES);
    this.#count = count;
    this.#lengthOf = lengthOf;
    this.#skipEmpty();
  }

  /** Takes what follows; nothing is kept of it. */
  update(bytes: Uint8Array): void {
    let begin = 0;
    while (begin < bytes.length && this.#index < this.#count) {
      const missing = this.#running === undefined ? this.#lengthOf(this.#index) : this.#missing;
      const end = Math.min(bytes.length, begin + missing);
      const part = begin === 0 && end === bytes.length ? bytes : bytes.subarray(begin, end);
      this.#take(part, missing - part.length);
      begin = end;
    }
  }

  #take(part: Uint8Array, missing: number): void {
    if (this.#running === undefined && missing === 0) {
      this.#end(sha1(part));
      return;
    }
    this.#running ??= startSha1();
    this.#running.update(part);
    this.#missing = missing;
    if (missing === 0) this.#end(this.#running.digest());
  }

  #end(digest: Uint8Array): void {
    this.digests.set(digest, this.#index * SHA1_BYTES);
    this.#index += 1;
    this.#running = undefined;
    this.#skipEmpty();
  }

  #skipEmpty(): void {
    while (this.#index < this.#count && this.#lengthOf(this.#index) === 0) {
      this.digests.set(sha1(NO_BYTES), this.#index * SHA1_BYTES);
      this.#index += 1;
    }
  }
}

const NO_BYTES = new Uint8Array(0);
