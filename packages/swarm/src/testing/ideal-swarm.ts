import { Bitfield, BLOCK_BYTES, PieceLayout, type PieceIndex } from '@p2p/wire';

import { BlockScheduler } from '../core/pieces/block-scheduler.js';
import { matching } from './matching.js';
import type { SeededRandom } from './seeded-random.js';

/** What an {@link IdealSwarm} is made of. */
export interface IdealSwarmOptions {
  readonly leechers: number;
  readonly pieces: number;
  /** Links of a leecher to other leechers; everybody is linked to the seeder. As many as there are: a full mesh. */
  readonly degree: number;
  readonly random: SeededRandom;
}

/**
 * A swarm without time: in each round every node sends at most one piece and receives at most one, and what was received can
 * be passed on in the next. One seeder, node 0, has everything.
 *
 * Which piece is sent is the real `BlockScheduler`'s choice, made by the receiver with what it knows of its neighbours. Who
 * sends to whom is the ideal network's part: a greatest matching of senders with receivers who want something of theirs,
 * those with the fewest pieces first. The seeder suggests the piece that it has sent least (BEP 6), as real ones do. So what is left
 * between this and the optimum of M + floor(log2 N) rounds is what picking costs.
 *
 * @see J. Mundinger, R. Weber, G. Weiss: Optimal Scheduling of Peer-to-Peer File Dissemination (2008)
 */
export class IdealSwarm {
  readonly #random: SeededRandom;
  readonly #layout: PieceLayout;
  readonly #schedulers: BlockScheduler[] = [];
  readonly #neighbours: number[][];
  /** By node: what it knows of each neighbour's pieces. */
  readonly #known: Map<number, Bitfield>[];
  /** By piece: how often the seeder has sent it. */
  readonly #sentCounts: Uint32Array;
  /** By leecher, from 1: the round after which it had everything. */
  readonly completedAt: (number | undefined)[] = [];
  #roundCount = 0;

  constructor({ leechers, pieces, degree, random }: IdealSwarmOptions) {
    this.#random = random;
    this.#sentCounts = new Uint32Array(pieces);
    this.#neighbours = linked(leechers, degree, random.fork('links'));
    this.#known = this.#neighbours.map(() => new Map<number, Bitfield>());
    this.#layout = new PieceLayout(BLOCK_BYTES, pieces * BLOCK_BYTES);
    for (let node = 0; node <= leechers; node++) {
      const have = node === 0 ? Bitfield.full(pieces) : new Bitfield(pieces);
      const options = { order: 'rarest-first', maxUnverifiedBytes: Infinity } as const;
      this.#schedulers.push(new BlockScheduler(this.#layout, have, random.fork(`node/${String(node)}`), options));
      this.completedAt.push(undefined);
    }
    for (let node = 1; node <= leechers; node++) {
      for (const other of this.#neighbours[node] ?? []) {
        const pieces = this.#scheduler(other).have.clone();
        this.#known[node]?.set(other, pieces);
        this.#scheduler(node).addPeer(other, pieces);
      }
    }
  }

  get roundCount(): number {
    return this.#roundCount;
  }

  get isComplete(): boolean {
    return this.#schedulers.every((scheduler) => scheduler.isComplete);
  }

  /** Pieces that the seeder has sent, repeats included. */
  get sentBySeeder(): number {
    return this.#sentCounts.reduce((sum, count) => sum + count, 0);
  }

  /** The rarest piece's copies, the seeder's included. */
  get leastCopies(): number {
    const copies = new Uint32Array(this.#sentCounts.length);
    for (const { have } of this.#schedulers) have.forEach((piece) => (copies[piece] = (copies[piece] ?? 0) + 1));
    return copies.reduce((least, count) => Math.min(least, count), Infinity);
  }

  /** Pieces that a node has. */
  pieceCountOf(node: number): number {
    return this.#scheduler(node).have.count;
  }

  /** Lets every node send one piece. */
  playRound(): void {
    const transfers: Transfer[] = [];
    for (const { from, to } of this.#pair()) {
      const piece = this.#pick(from, to);
      if (piece !== undefined) transfers.push({ from, to, piece });
    }
    this.#roundCount += 1;
    for (const transfer of transfers) this.#store(transfer);
    for (const transfer of transfers) this.#announce(transfer);
  }

  #store({ from, to, piece }: Transfer): void {
    const scheduler = this.#scheduler(to);
    if (scheduler.received(from, piece, 0).kind !== 'accepted') {
      throw new Error('bug: a piece that was picked was not accepted');
    }
    scheduler.pieceStored(piece);
    if (scheduler.isComplete) this.completedAt[to] = this.#roundCount;
  }

  #announce({ to, piece }: Transfer): void {
    for (const other of this.#neighbours[to] ?? []) {
      if (other === 0) continue;
      this.#known[other]?.get(to)?.set(piece);
      this.#scheduler(other).peerHas(to, piece);
    }
  }

  #scheduler(node: number): BlockScheduler {
    const scheduler = this.#schedulers[node];
    if (scheduler === undefined)
      throw new RangeError(`node ${String(node)} is not one of ${String(this.#schedulers.length)}`);
    return scheduler;
  }

  /** Who sends to whom. */
  #pair(): { readonly from: number; readonly to: number }[] {
    const receivers = this.#shuffled(
      this.#schedulers.flatMap((scheduler, node) => (scheduler.isComplete ? [] : [node])),
    );
    receivers.sort((a, b) => this.pieceCountOf(a) - this.pieceCountOf(b));
    const senders = receivers.map((node) =>
      this.#shuffled((this.#neighbours[node] ?? []).filter((other) => this.#scheduler(node).isInteresting(other))),
    );
    return matching(senders, this.#schedulers.length).flatMap((from, index) => {
      const to = receivers[index];
      return from === undefined || to === undefined ? [] : [{ from, to }];
    });
  }

  #pick(from: number, to: number): PieceIndex | undefined {
    const scheduler = this.#scheduler(to);
    if (from === 0) scheduler.peerSuggests(0, this.#layout.pieceIndex(this.#leastSent(scheduler.have)));
    const [block] = scheduler.pick(from, 1, { isSnubbed: false, isFast: true });
    if (block !== undefined && from === 0) this.#sentCounts[block.piece] = (this.#sentCounts[block.piece] ?? 0) + 1;
    return block?.piece;
  }

  /** Of the pieces that a leecher lacks, the one that the seeder has sent least; by chance among equals. */
  #leastSent(have: Bitfield): number {
    let [best, least, equals] = [0, Infinity, 0];
    for (const [piece, count] of this.#sentCounts.entries()) {
      if (have.has(piece) || count > least) continue;
      equals = count < least ? 1 : equals + 1;
      if (this.#random.below(equals) === 0) best = piece;
      least = count;
    }
    return best;
  }

  #shuffled(nodes: readonly number[]): number[] {
    const shuffled = [...nodes];
    for (let last = shuffled.length - 1; last > 0; last--) {
      const other = this.#random.below(last + 1);
      [shuffled[last], shuffled[other]] = [shuffled[other] ?? 0, shuffled[last] ?? 0];
    }
    return shuffled;
  }
}

/** A piece on its way. */
interface Transfer {
  readonly from: number;
  readonly to: number;
  readonly piece: PieceIndex;
}

/** Neighbours by node: the seeder of all, and of leechers a union of random rings, which has no short cut and no bottleneck. */
function linked(leechers: number, degree: number, random: SeededRandom): number[][] {
  const sets = Array.from({ length: leechers + 1 }, () => new Set<number>());
  const link = (a: number, b: number): void => {
    if (a === b) return;
    sets[a]?.add(b);
    sets[b]?.add(a);
  };
  for (let node = 1; node <= leechers; node++) link(0, node);
  const isMesh = degree >= leechers - 1;
  const ring = Array.from({ length: leechers }, (_, index) => index + 1);
  if (isMesh) for (const a of ring) for (const b of ring) link(a, b);
  for (let count = isMesh ? 0 : Math.ceil(degree / 2); count > 0; count--) {
    for (let last = ring.length - 1; last > 0; last--) {
      const other = random.below(last + 1);
      [ring[last], ring[other]] = [ring[other] ?? 0, ring[last] ?? 0];
    }
    for (const [place, node] of ring.entries()) link(node, ring[(place + 1) % ring.length] ?? 0);
  }
  return sets.map((set) => [...set]);
}
