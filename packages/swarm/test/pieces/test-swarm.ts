import { Bitfield, BLOCK_BYTES, type BlockRef, type PieceIndex, PieceLayout } from '@p2p/wire';

import { BlockScheduler } from '../../src/core/pieces/block-scheduler.js';
import type { BlockSchedulerOptions } from '../../src/core/pieces/block-scheduler-options.js';
import type { PickHints } from '../../src/core/pieces/pick-hints.js';
import { SeededRandom } from '../../src/testing/seeded-random.js';

export const [ALICE, BOB, CAROL, DAVE] = [1, 2, 3, 4];
const PASSER_BY = 99;
export const FAST: PickHints = { isSnubbed: false, isFast: true };
export const SILENT: PickHints = { isSnubbed: true, isFast: false };

/** A scheduler, and the few words that the tests above need. */
export class TestSwarm {
  readonly scheduler: BlockScheduler;
  readonly committing: number[] = [];
  readonly #layout: PieceLayout;

  constructor({ pieces, blocks, stored = [], order = 'rarest-first', maxPieces = 1_000, seed = 1 }: TestSwarmOptions) {
    const pieceBytes = blocks * BLOCK_BYTES;
    this.#layout = new PieceLayout(pieceBytes, pieces * pieceBytes);
    const options = { order, maxUnverifiedBytes: maxPieces * pieceBytes };
    this.scheduler = new BlockScheduler(this.#layout, setOf(pieces, stored), new SeededRandom(seed), options);
  }

  piece(index: number | undefined): PieceIndex {
    return this.#layout.pieceIndex(index ?? -1);
  }

  addSeed(session: number, key = `peer ${session}`): void {
    this.scheduler.addPeer(session, Bitfield.full(this.#layout.pieceCount), { key });
  }

  addLeecher(session: number, pieces: readonly number[], key = `peer ${session}`): Bitfield {
    const set = setOf(this.#layout.pieceCount, pieces);
    this.scheduler.addPeer(session, set, { key });
    return set;
  }

  /** Has somebody with this key deliver a good piece; nothing else is known of it, and it leaves. */
  prove(key: string): PieceIndex {
    this.addSeed(PASSER_BY, key);
    const [first] = this.pick(PASSER_BY, 1);
    const rest = this.pick(PASSER_BY, 99).filter((each) => each.piece === first?.piece);
    for (const block of [first, ...rest]) this.receive(PASSER_BY, block);
    const piece = this.piece(this.committing.shift());
    this.scheduler.pieceStored(piece);
    this.scheduler.removePeer(PASSER_BY);
    return piece;
  }

  pick(session: number, count: number, hints: PickHints = FAST): BlockRef[] {
    return this.scheduler.pick(session, count, hints);
  }

  receive(session: number, block: BlockRef | undefined): ReturnType<BlockScheduler['received']> {
    if (block === undefined) throw new Error('no block to receive');
    const outcome = this.scheduler.received(session, block.piece, block.begin);
    if (outcome.kind === 'accepted' && outcome.isPieceComplete) this.committing.push(block.piece);
    return outcome;
  }

  release(session: number, block: BlockRef | undefined): void {
    if (block !== undefined) this.scheduler.release(session, block);
  }

  /** Has two peers spoil one piece together: from then on either may be the culprit. */
  putOnParole(first: number, second: number): PieceIndex {
    this.addSeed(first);
    this.addSeed(second);
    const spoilt = this.mix(first, second);
    this.scheduler.pieceCorrupt(spoilt);
    return spoilt;
  }

  /** Has two peers complete one piece together. */
  mix(first: number, second: number): PieceIndex {
    const block = this.pick(first, 1);
    this.scheduler.giveUpPieces(first);
    const piece = block[0]?.piece;
    const rest = this.pick(second, 99).filter((each) => each.piece === piece);
    for (const each of block) this.receive(first, each);
    for (const each of rest) this.receive(second, each);
    this.scheduler.releaseAll(second);
    return this.piece(this.committing[0]);
  }
}

function setOf(size: number, indices: readonly number[]): Bitfield {
  const set = new Bitfield(size);
  for (const index of indices) set.set(index);
  return set;
}

export function piecesOf(blocks: readonly BlockRef[]): number[] {
  return [...new Set(blocks.map((block) => block.piece))];
}

interface TestSwarmOptions {
  readonly pieces: number;
  readonly blocks: number;
  readonly stored?: readonly number[];
  readonly order?: BlockSchedulerOptions['order'];
  /** The limit on unverified bytes, in pieces. */
  readonly maxPieces?: number;
  readonly seed?: number;
}
