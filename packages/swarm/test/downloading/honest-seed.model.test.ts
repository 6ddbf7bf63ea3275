// Goal: whatever other peers did before they fell silent, a download is complete soon after a seed has come that answers at once.
// Method: random lives of some peers, of whom the last pieces may be spoilt; then the seed, and at most a minute.
import { BLOCK_BYTES } from '@p2p/wire';
import { array, assert, constantFrom, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { PieceCommitOutcome, SessionId } from '../../src/core/input.js';
import { CoreFixture } from '../fixtures/core-fixture.js';

const PIECES = 6;
const DATA = new Uint8Array(BLOCK_BYTES);

interface Act {
  readonly kind: 'join' | 'answer' | 'haveAll' | 'have' | 'choke' | 'unchoke' | 'allow' | 'wait' | 'leave';
  readonly who: number;
  readonly piece: number;
}

/** A leecher and its peers. */
class Life {
  readonly node: CoreFixture;
  readonly #peers: SessionId[] = [];
  readonly #answered = new Map<SessionId, number>();
  #stored = 0;
  #spoilt: number;

  constructor(spoilt: number) {
    this.#spoilt = spoilt;
    this.node = new CoreFixture({ pieces: PIECES, storage: () => this.#commit() });
  }

  get isComplete(): boolean {
    return this.#stored === PIECES;
  }

  perform({ kind, who, piece }: Act): void {
    const peer = this.#peers[who % Math.max(1, this.#peers.length)];
    if (kind === 'join') this.#join();
    else if (kind === 'wait') this.node.pass(who * 250);
    else if (peer === undefined || !this.node.keeps(peer)) return;
    else if (kind === 'answer') this.answer(peer);
    else if (kind === 'leave') this.node.lose(peer);
    else if (kind === 'have') this.node.hear(peer, { type: 'have', piece });
    else if (kind === 'allow') this.node.hear(peer, { type: 'allowedFast', piece });
    else this.node.hear(peer, { type: kind });
  }

  /** The peer sends all that it was asked for and has not sent. */
  answer(peer: SessionId): void {
    const requests = this.node.sentTo(peer, 'request').slice(this.#answered.get(peer) ?? 0);
    for (const { piece, begin } of requests) {
      if (!this.node.keeps(peer)) return;
      this.#answered.set(peer, (this.#answered.get(peer) ?? 0) + 1);
      this.node.hear(peer, { type: 'piece', piece, begin, data: DATA });
    }
  }

  #join(): void {
    const peer = this.node.peer(`10.${this.#peers.length + 1}.0.1`, { type: 'haveAll' }, { type: 'unchoke' });
    this.#peers.push(peer);
  }

  #commit(): PieceCommitOutcome {
    this.#spoilt -= 1;
    if (this.#spoilt >= 0) return { kind: 'corrupt' };
    this.#stored += 1;
    return { kind: 'stored' };
  }
}

const act = record<Act>({
  kind: constantFrom('join', 'join', 'answer', 'haveAll', 'have', 'choke', 'unchoke', 'allow', 'wait', 'wait', 'leave'),
  who: integer({ min: 0, max: 60 }),
  piece: integer({ min: 0, max: PIECES - 1 }),
});

describe('a seed that answers at once', () => {
  it('completes the download within a minute, whatever others did before', () => {
    assert(
      property(integer({ min: 0, max: 3 }), array(act, { maxLength: 40 }), (spoilt, acts) => {
        const life = new Life(spoilt);
        for (const each of acts) life.perform(each);
        const seed = life.node.peer('20.1.0.1', { type: 'haveAll' }, { type: 'unchoke' });
        for (let second = 0; second < 60 && !life.isComplete && life.node.keeps(seed); second++) {
          for (let answer = 0; answer < 4; answer++) life.answer(seed);
          life.node.pass(1_000);
        }
        expect(life.isComplete || !life.node.keeps(seed)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
