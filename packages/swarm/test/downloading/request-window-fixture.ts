import { BLOCK_BYTES, type BlockRef, PieceLayout } from '@p2p/wire';
import { expect } from 'vitest';

import { RequestWindow, type RequestWindowOptions } from '../../src/core/downloading/request-window.js';

export const OPTIONS: RequestWindowOptions = {
  minWindow: 2,
  maxWindow: 512,
  initialWindow: 64,
  queueTimeMs: 250,
  minTimeoutMs: 2_000,
  maxTimeoutMs: 60_000,
};

export const NO_LIMIT = 10_000;

/** A peer that answers in order over a link of a certain delay and rate; the window is kept full. */
export class Link {
  readonly window: RequestWindow;
  readonly #roundTripMs: number;
  bytesPerMs: number;
  answered = 0;
  readonly #onTheWay: { readonly block: BlockRef; readonly at: number }[] = [];
  now = 0;
  #nextIndex = 0;
  #freeAt = 0;

  constructor(
    link: { readonly roundTripMs: number; readonly bytesPerMs: number },
    options: RequestWindowOptions = OPTIONS,
  ) {
    this.window = new RequestWindow(options);
    this.#roundTripMs = link.roundTripMs;
    this.bytesPerMs = link.bytesPerMs;
  }

  /** Requests in flight when the window is full. */
  get depth(): number {
    return this.window.outstandingCount + this.window.room(NO_LIMIT, this.now);
  }

  /** Fills the window, and lets all of it be answered; returns how many that were. */
  roundTrip(): number {
    this.#fill();
    const count = this.#onTheWay.length;
    for (let answer = 0; answer < count; answer++) this.#deliver();
    return count;
  }

  runFor(ms: number): void {
    const end = this.now + ms;
    this.#fill();
    while (this.now < end) {
      this.#deliver();
      this.#fill();
    }
  }

  #fill(): void {
    for (let room = this.window.room(NO_LIMIT, this.now); room > 0; room--) {
      const sent = block(this.#nextIndex++);
      this.window.sent(sent, this.now);
      this.#freeAt = Math.max(this.#freeAt, this.now + this.#roundTripMs) + BLOCK_BYTES / this.bytesPerMs;
      this.#onTheWay.push({ block: sent, at: this.#freeAt });
    }
  }

  #deliver(): void {
    const next = this.#onTheWay.shift();
    if (next === undefined) throw new Error('a window that is never empty');
    this.now = Math.max(this.now, next.at);
    this.answered += 1;
    expect(this.window.expire(this.now)).toEqual([]);
    expect(this.window.received(next.block, this.now)).toBe('expected');
  }
}

const layout = new PieceLayout(16 * BLOCK_BYTES, 100_000 * 16 * BLOCK_BYTES);

export function block(index: number): BlockRef {
  return { piece: layout.pieceIndex(index >> 4), begin: (index & 15) * BLOCK_BYTES, length: BLOCK_BYTES };
}

export function indexOf(each: BlockRef): number {
  return each.piece * 16 + each.begin / BLOCK_BYTES;
}
