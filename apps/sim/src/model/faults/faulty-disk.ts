import type { Clock, CommitOutcome, Payload, ReadOutcome, Storage } from '@p2p/swarm';
import { Bitfield, type BlockRef, type PieceIndex } from '@p2p/wire';

/** How one disk misbehaves; change it while the disk is in use. */
export interface DiskFaults {
  /** Added to every read and every commit. */
  delayMs: number;
  /** Every commit fails with `disk-full`. */
  isFull: boolean;
  /** Every read fails with `io`. */
  failsReads: boolean;
  /** Reads give wrong bytes without a word. */
  corruptsReads: boolean;
  /** So many calls are answered before one fails, once; undefined for none. */
  failsAfterCalls: number | undefined;
}

/**
 * A disk that outlives the processes that use it, and fails as it is told.
 *
 * What was committed is on the disk, but until the next sync only in its cache: a crash loses it (decision D11). The journal
 * is written after the sync, so `resume` claims what was synced and nothing else.
 */
export class FaultyDisk<P extends Payload> implements Storage<P> {
  readonly faults: DiskFaults = {
    delayMs: 0,
    isFull: false,
    failsReads: false,
    corruptsReads: false,
    failsAfterCalls: undefined,
  };
  readonly #inner: Storage<P>;
  readonly #clock: Clock;
  readonly #pieceCount: number;
  readonly #settings: FaultyDiskSettings<P>;
  /** Pieces that are here, with the time of their commit. */
  readonly #storedAt = new Map<PieceIndex, number>();
  /** What the journal says is here; a record is written when the piece was synced. */
  readonly #journal = new Map<PieceIndex, number>();
  readonly #assembling = new Set<PieceIndex>();
  #lastAnswerAt = 0;

  constructor(inner: Storage<P>, clock: Clock, settings: FaultyDiskSettings<P>) {
    this.#inner = inner;
    this.#clock = clock;
    this.#settings = settings;
    this.#pieceCount = settings.pieceCount;
    for (const piece of settings.have) {
      this.#storedAt.set(piece, -Infinity);
      this.#journal.set(piece, -Infinity);
    }
  }

  /** Pieces of which some blocks were written and which were not committed. */
  get partialPieces(): number {
    return this.#assembling.size;
  }

  /** Pieces that are stored and verified, synced or not. */
  stored(): PieceIndex[] {
    return [...this.#storedAt.keys()];
  }

  /** The process is gone: what was not synced is lost, and so is every piece that was not whole. */
  crash(): void {
    const now = this.#clock.now();
    for (const [piece, storedAt] of this.#storedAt) {
      if (storedAt > now - this.#settings.syncMs) this.#storedAt.delete(piece);
    }
    for (const [piece, writtenAt] of this.#journal) if (writtenAt > now) this.#journal.delete(piece);
    for (const piece of this.#assembling) this.#inner.discardPiece(piece);
    this.#assembling.clear();
  }

  /** The process ends in good order: it waits until all is synced, and the journal says so. */
  close(): void {
    for (const piece of this.#storedAt.keys()) {
      this.#storedAt.set(piece, -Infinity);
      this.#journal.set(piece, -Infinity);
    }
  }

  /** What a process that starts now reads in the journal. A piece stored a moment ago is not there yet. */
  resume(): Bitfield {
    const have = new Bitfield(this.#pieceCount);
    const now = this.#clock.now();
    for (const [piece, writtenAt] of this.#journal) if (writtenAt <= now) have.set(piece);
    return have;
  }

  writeBlock(piece: PieceIndex, begin: number, data: P): void {
    this.#assembling.add(piece);
    this.#inner.writeBlock(piece, begin, data);
  }

  discardPiece(piece: PieceIndex): void {
    this.#assembling.delete(piece);
    this.#inner.discardPiece(piece);
  }

  commitPiece(piece: PieceIndex, done: (outcome: CommitOutcome) => void): void {
    this.#assembling.delete(piece);
    if (this.faults.isFull || this.#isCallThatFails()) {
      this.#inner.discardPiece(piece);
      this.#answer(done, failure('disk-full', `cannot store piece ${piece}: no space left`));
      return;
    }
    this.#inner.commitPiece(piece, (found) => {
      const isBlind = found.kind === 'corrupt' && this.#settings.skipsVerification === true;
      const outcome: CommitOutcome = isBlind ? { kind: 'stored' } : found;
      if (outcome.kind === 'stored') this.#stored(piece);
      this.#answer(done, outcome);
    });
  }

  readBlock(block: BlockRef, done: (outcome: ReadOutcome<P>) => void): void {
    if (this.faults.failsReads || this.#isCallThatFails()) {
      this.#answer(done, failure('io', `cannot read piece ${block.piece}: input/output error`));
      return;
    }
    const corrupts = this.faults.corruptsReads;
    this.#inner.readBlock(block, (outcome) => {
      const isCorrupted = corrupts && outcome.kind === 'read';
      this.#answer(done, isCorrupted ? { kind: 'read', data: this.#settings.corrupt(outcome.data) } : outcome);
    });
  }

  #stored(piece: PieceIndex): void {
    const now = this.#clock.now();
    const { syncMs, journalsBeforeSync, onStored } = this.#settings;
    this.#storedAt.set(piece, now);
    this.#journal.set(piece, journalsBeforeSync === true ? now : now + syncMs);
    onStored(piece);
  }

  #isCallThatFails(): boolean {
    const left = this.faults.failsAfterCalls;
    if (left === undefined) return false;
    this.faults.failsAfterCalls = left === 0 ? undefined : left - 1;
    return left === 0;
  }

  /** Later, and in the order of the calls, also when the delay changes in between. */
  #answer<Outcome>(done: (outcome: Outcome) => void, outcome: Outcome): void {
    const at = Math.max(this.#clock.now() + this.faults.delayMs, this.#lastAnswerAt);
    this.#lastAnswerAt = at;
    this.#clock.schedule(at, () => {
      done(outcome);
    });
  }
}

export interface FaultyDiskSettings<P extends Payload> {
  readonly pieceCount: number;
  /** Pieces that are there, and synced, from the start. */
  readonly have: Iterable<PieceIndex>;
  /** Between a commit and the sync that makes it last; the product syncs at least once a second. */
  readonly syncMs: number;
  /** Wrong bytes of the same length. */
  readonly corrupt: (data: P) => P;
  readonly onStored: (piece: PieceIndex) => void;
  /** A planted bug: the journal is written at once. */
  readonly journalsBeforeSync?: boolean;
  /** A planted bug: a piece is stored whatever its hash. */
  readonly skipsVerification?: boolean;
}

function failure(code: string, message: string) {
  return { kind: 'failed', error: Object.assign(new Error(message), { code }) } as const;
}
