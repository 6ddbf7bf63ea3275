import type { CommitOutcome, ReadOutcome } from '@p2p/swarm';
import type { StorageFaults, VirtualClock } from '@p2p/swarm/testing';
import type { Bitfield, BlockRef, PieceIndex } from '@p2p/wire';

import { blockReference, type BlockReference } from './block-reference.js';
import type { SimStorage } from './payload-mode.js';

/** A store of references: a piece is right if none of the blocks that are in it is tainted. Answers at once, after the call. */
export class ReferenceStorage implements SimStorage<BlockReference> {
  readonly faults: StorageFaults = {
    corruptCommits: new Map(),
    commitError: undefined,
    readError: undefined,
    poisonsOneIn: 0,
  };
  readonly #clock: VirtualClock;
  readonly #have: Bitfield;
  /** Of pieces being received: where the tainted blocks begin. A block that comes again takes the place of the former. */
  readonly #tainted = new Map<PieceIndex, Set<number>>();

  #readCount = 0;

  /** @param have what is stored from the start; taken over */
  constructor(clock: VirtualClock, have: Bitfield) {
    this.#clock = clock;
    this.#have = have;
  }

  have(): Bitfield {
    return this.#have.clone();
  }

  writeBlock(piece: PieceIndex, begin: number, data: BlockReference): void {
    const tainted = this.#tainted.get(piece);
    if (data.isTainted) this.#tainted.set(piece, (tainted ?? new Set()).add(begin));
    else tainted?.delete(begin);
  }

  commitPiece(piece: PieceIndex, done: (outcome: CommitOutcome) => void): void {
    this.#clock.post(this.#clock.nowMicros, done, this.#commit(piece));
  }

  discardPiece(piece: PieceIndex): void {
    this.#tainted.delete(piece);
  }

  readBlock(block: BlockRef, done: (outcome: ReadOutcome<BlockReference>) => void): void {
    this.#clock.post(this.#clock.nowMicros, done, this.#read(block));
  }

  #commit(piece: PieceIndex): CommitOutcome {
    const isTainted = (this.#tainted.get(piece)?.size ?? 0) > 0;
    this.#tainted.delete(piece);
    if (this.faults.commitError !== undefined) return failed(this.faults.commitError, `cannot store piece ${piece}`);
    const corruptions = this.faults.corruptCommits.get(piece) ?? 0;
    if (corruptions > 0) this.faults.corruptCommits.set(piece, corruptions - 1);
    if (corruptions > 0 || isTainted) return CORRUPT;
    this.#have.set(piece);
    return STORED;
  }

  #read(block: BlockRef): ReadOutcome<BlockReference> {
    const { piece, length } = block;
    if (this.faults.readError !== undefined) return failed(this.faults.readError, `cannot read piece ${piece}`);
    if (!this.#have.has(piece)) return failed('not-found', `piece ${piece} is not stored`);
    return { kind: 'read', data: blockReference(length, this.#isNextPoisoned()) };
  }

  #isNextPoisoned(): boolean {
    const { poisonsOneIn } = this.faults;
    return poisonsOneIn > 0 && this.#readCount++ % poisonsOneIn === 0;
  }
}

function failed(code: string, message: string): Extract<ReadOutcome, { kind: 'failed' }> {
  return { kind: 'failed', error: Object.assign(new Error(message), { code }) };
}

const STORED: CommitOutcome = Object.freeze({ kind: 'stored' });
const CORRUPT: CommitOutcome = Object.freeze({ kind: 'corrupt' });
