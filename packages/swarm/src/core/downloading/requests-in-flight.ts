import type { BlockRef } from '@p2p/wire';

/**
 * The requests that wait for an answer, in the order in which they were sent.
 *
 * They lie in arrays side by side, so that a request costs no object. Answers nearly always come in order: the search
 * begins at the oldest. One that was answered leaves a gap, and the gaps are closed when there are more of them than requests.
 */
export class RequestsInFlight {
  readonly #blocks: (BlockRef | undefined)[] = [];
  readonly #sentAt: number[] = [];
  readonly #sequences: number[] = [];
  readonly #receivedBefore: number[] = [];
  /** The requests are from here to below `#end`; there is one at `#head`, unless there are none. */
  #head = 0;
  #end = 0;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** The place of the oldest; undefined if there is none. Places hold until the next `push`. */
  get oldest(): number | undefined {
    return this.#count === 0 ? undefined : this.#head;
  }

  /** @param receivedBefore how many blocks had come from the peer when this one was asked for */
  push(block: BlockRef, sentAt: number, sequence: number, receivedBefore: number): void {
    if (this.#end > 2 * this.#count + MAX_GAPS) this.#closeGaps();
    const place = this.#end++;
    this.#blocks[place] = block;
    this.#sentAt[place] = sentAt;
    this.#sequences[place] = sequence;
    this.#receivedBefore[place] = receivedBefore;
    this.#count += 1;
  }

  find(piece: number, begin: number): number | undefined {
    for (let place = this.#head; place < this.#end; place++) {
      const block = this.#blocks[place];
      if (block?.begin === begin && block.piece === piece) return place;
    }
    return undefined;
  }

  blockAt(place: number): BlockRef | undefined {
    return this.#blocks[place];
  }

  sentAt(place: number): number {
    return this.#sentAt[place] ?? 0;
  }

  /** Order of sending: 1, 2, 3, … */
  sequenceAt(place: number): number {
    return this.#sequences[place] ?? 0;
  }

  receivedBefore(place: number): number {
    return this.#receivedBefore[place] ?? 0;
  }

  remove(place: number): void {
    this.#blocks[place] = undefined;
    this.#count -= 1;
    if (this.#count === 0) {
      this.#head = 0;
      this.#end = 0;
    } else while (this.#blocks[this.#head] === undefined) this.#head += 1;
  }

  #closeGaps(): void {
    let to = 0;
    for (let from = this.#head; from < this.#end; from++) {
      const block = this.#blocks[from];
      if (block === undefined) continue;
      this.#blocks[from] = undefined;
      this.#blocks[to] = block;
      this.#sentAt[to] = this.sentAt(from);
      this.#sequences[to] = this.sequenceAt(from);
      this.#receivedBefore[to] = this.receivedBefore(from);
      to += 1;
    }
    this.#head = 0;
    this.#end = to;
  }
}

/** Closing the gaps costs as much as looking at all requests: with so many gaps at the least it is rare. */
const MAX_GAPS = 64;
