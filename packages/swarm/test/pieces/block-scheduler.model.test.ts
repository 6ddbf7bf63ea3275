/**
 * Goal: whatever peers do, the scheduler keeps its promises, and ends with every piece stored while one seed stays.
 * Method: random swarms of a few peers and pieces are played to it, one action after the other: peers come, go, get and lose
 * pieces, are asked, answer in any order, late or never; storage stores, fails, or finds pieces corrupt. A plain model keeps
 * what was asked of whom and what came; after each action the two are compared. The scheduler's own assertions (a piece is
 * in one state) run along. At the end everybody but the seed leaves, and the seed must be able to finish.
 */
import { Bitfield, BLOCK_BYTES, type BlockRef, PieceLayout } from '@p2p/wire';
import { array, assert, boolean, constantFrom, integer, nat, property, record, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { BlockOutcome } from '../../src/core/pieces/block-outcome.js';
import { BlockScheduler } from '../../src/core/pieces/block-scheduler.js';
import { SeededRandom } from '../../src/testing/seeded-random.js';

describe('BlockScheduler in any swarm', () => {
  const parameters = record({
    seed: nat(),
    pieces: integer({ min: 1, max: 12 }),
    blocks: integer({ min: 1, max: 5 }),
    maxPieces: integer({ min: 0, max: 12 }),
    order: constantFrom('rarest-first', 'sequential'),
    isTruncated: boolean(),
  });
  const actions = array(tuple(nat(99), nat(), nat()), { minLength: 10, maxLength: 250 });

  it('asks only for what is missing, keeps its limits, and finishes', () => {
    assert(
      property(parameters, actions, (chosen, sequence) => {
        play(new Model({ ...chosen, hasCorruption: false }), sequence);
      }),
      { numRuns: 150 },
    );
  });

  it('does so with peers that send bad pieces, alone and among others', () => {
    assert(
      property(parameters, actions, (chosen, sequence) => {
        play(new Model({ ...chosen, hasCorruption: true }), sequence);
      }),
      { numRuns: 150 },
    );
  });
});

const SEED = 1;
const MAX_PEERS = 8;

interface Parameters {
  readonly seed: number;
  readonly pieces: number;
  readonly blocks: number;
  readonly maxPieces: number;
  readonly order: 'rarest-first' | 'sequential';
  readonly isTruncated: boolean;
  readonly hasCorruption: boolean;
}

interface ModelPeer {
  readonly session: number;
  readonly pieces: Bitfield;
  readonly asked: Map<string, BlockRef>;
  readonly late: BlockRef[];
  /** Keys asked of it that may have been given to others since, for it was silent. */
  readonly doubtful: Set<string>;
  isSnubbed: boolean;
}

function play(model: Model, sequence: readonly (readonly [number, number, number])[]): void {
  for (const [kind, first, second] of sequence) {
    model.act(kind, first, second);
    model.check();
  }
  model.finish();
}

class Model {
  readonly #parameters: Parameters;
  readonly #layout: PieceLayout;
  readonly #scheduler: BlockScheduler;
  readonly #peers: ModelPeer[] = [];
  /** Blocks that came, of pieces that are not stored, and whose key their sender has. */
  readonly #received = new Map<string, string>();
  /** The same of pieces that may have been started anew since: nobody outside can tell whether these blocks are still here. */
  readonly #perhaps = new Map<string, string>();
  readonly #committing: number[] = [];
  /** Pieces for which storage keeps room: blocks came, and they are neither complete nor named as emptied. */
  readonly #kept = new Set<number>();
  readonly #stored = new Set<number>();
  /** Since a mixed piece failed, pieces may be started anew, to come from one peer. */
  #mayRestart = false;
  #lastSession = 0;

  constructor(parameters: Parameters) {
    const { pieces, blocks, maxPieces, order, seed, isTruncated } = parameters;
    const pieceBytes = blocks * BLOCK_BYTES;
    this.#parameters = parameters;
    this.#layout = new PieceLayout(pieceBytes, pieces * pieceBytes - (isTruncated ? pieceBytes - 1 : 0));
    const options = { order, maxUnverifiedBytes: maxPieces * pieceBytes };
    this.#scheduler = new BlockScheduler(this.#layout, new Bitfield(pieces), new SeededRandom(seed), options);
    this.#join(Bitfield.full(pieces));
  }

  act(kind: number, first: number, second: number): void {
    const peer = this.#anyPeer(first);
    if (kind < 8) this.#joinSome(first, second);
    else if (kind < 11) this.#leave(peer);
    else if (kind < 18) this.#gain(peer, second % this.#parameters.pieces);
    else if (kind < 20) this.#lose(peer, second % this.#parameters.pieces);
    else if (kind < 50) this.#pick(peer, 1 + (second % 7), second);
    else if (kind < 75) this.#answer(peer, second);
    else if (kind < 80) this.#answerLate(peer, second);
    else if (kind < 84) this.#timeOut(peer, second);
    else if (kind < 86) this.#choke(peer);
    else if (kind < 87) this.#scheduler.giveUpPieces(peer.session);
    else this.#commit(first, second);
  }

  check(): void {
    const scheduler = this.#scheduler;
    const { pieces, maxPieces } = this.#parameters;
    const pieceBytes = this.#layout.pieceLength;
    expect([...scheduler.have.indices()]).toEqual([...this.#stored].sort((a, b) => a - b));
    expect(scheduler.missingCount).toBe(pieces - this.#stored.size);
    expect(scheduler.isComplete).toBe(this.#stored.size === pieces);
    this.#checkRoom();
    // Those who left may have left a piece behind; one piece more was begun before.
    expect(scheduler.unverifiedBytes).toBeLessThanOrEqual((maxPieces + MAX_PEERS + 1) * pieceBytes);
    for (const peer of this.#peers) {
      const isInteresting = [...peer.pieces.indices()].some((piece) => !this.#stored.has(piece));
      expect(scheduler.isInteresting(peer.session)).toBe(isInteresting);
    }
  }

  /** Storage keeps room for no piece of which nothing is here. */
  #checkRoom(): void {
    for (const piece of this.#scheduler.takeEmptied()) expect(this.#kept.delete(piece)).toBe(true);
    expect(this.#kept.size).toBeLessThanOrEqual(this.#scheduler.openPieceCount);
    for (const piece of this.#kept) {
      expect(this.#blocksOf(piece).some((key) => this.#received.has(key) || this.#perhaps.has(key))).toBe(true);
    }
  }

  /** The seed alone must be able to finish, in as many rounds as there are blocks, and some for pieces that fail. */
  finish(): void {
    for (const peer of this.#peers.slice(1)) this.#leave(peer);
    while (this.#committing.length > 0) this.#store(0);
    const seed = this.#anyPeer(0);
    for (let round = 0; round < 4 * this.#layout.blockCountTotal + 4; round++) {
      this.#pick(seed, 3, 0);
      for (const block of [...seed.asked.values()]) this.#receive(seed, block);
      while (this.#committing.length > 0) this.#store(0);
      this.check();
    }
    expect(this.#scheduler.isComplete).toBe(true);
    expect(this.#scheduler.unverifiedBytes).toBe(0);
    expect(this.#scheduler.openPieceCount).toBe(0);
    expect(this.#scheduler.isEndgame).toBe(false);
  }

  #anyPeer(choice: number): ModelPeer {
    const peer = this.#peers[choice % this.#peers.length];
    if (peer === undefined) throw new Error('the seed never leaves');
    return peer;
  }

  #join(pieces: Bitfield): void {
    const peer: ModelPeer = {
      session: ++this.#lastSession,
      pieces,
      asked: new Map(),
      late: [],
      doubtful: new Set(),
      isSnubbed: false,
    };
    this.#peers.push(peer);
    this.#scheduler.addPeer(peer.session, pieces, { key: keyOfPeer(peer) });
  }

  #joinSome(first: number, second: number): void {
    if (this.#peers.length >= MAX_PEERS) return;
    const pieces = new Bitfield(this.#parameters.pieces);
    for (let piece = 0; piece < pieces.size; piece++) {
      if (first % 4 === 0 || ((second >>> (piece % 31)) & 1) === 1) pieces.set(piece);
    }
    this.#join(pieces);
  }

  #leave(peer: ModelPeer): void {
    if (peer.session === SEED) return;
    this.#peers.splice(this.#peers.indexOf(peer), 1);
    this.#scheduler.removePeer(peer.session);
  }

  #gain(peer: ModelPeer, index: number): void {
    if (peer.pieces.set(index)) this.#scheduler.peerHas(peer.session, this.#layout.pieceIndex(index));
  }

  #lose(peer: ModelPeer, index: number): void {
    if (peer.session === SEED) return;
    if (peer.pieces.clear(index)) this.#scheduler.peerLost(peer.session, this.#layout.pieceIndex(index));
  }

  #pick(peer: ModelPeer, count: number, choice: number): void {
    peer.isSnubbed = choice % 5 === 1;
    const hints = { isSnubbed: peer.isSnubbed, isFast: choice % 3 !== 1, isAnswering: this.#isAnswering };
    const allowed = choice % 7 === 1 ? { allowed: new Set([0, 1, 5]) } : {};
    const wasIdle = peer.asked.size === 0;
    this.#doubtTheSilent(peer);
    const wasAsked = new Set(
      this.#peers.flatMap((each) => [...each.asked.keys()].filter((key) => !each.doubtful.has(key))),
    );
    const blocks = this.#scheduler.pick(peer.session, count, { ...hints, ...allowed });
    expect(blocks.length).toBeLessThanOrEqual(count);
    if (blocks.length === 0 && !('allowed' in allowed)) this.#expectNoWorkFor(peer);
    for (const piece of new Set(blocks.map((block) => block.piece))) this.#doubtAfterRestart(piece, keyOfPeer(peer));
    for (const block of blocks) {
      const key = keyOf(block);
      expect(this.#layout.isBlock(block.piece, block.begin, block.length)).toBe(true);
      expect(peer.pieces.has(block.piece)).toBe(true);
      if ('allowed' in allowed) expect(allowed.allowed.has(block.piece)).toBe(true);
      this.#perhaps.delete(key);
      expect(this.#received.has(key) || this.#isComplete(block.piece)).toBe(false);
      expect(peer.asked.has(key) && !peer.doubtful.delete(key)).toBe(false);
      peer.asked.set(key, block);
      // A second copy is for the endgame, and one block at a time.
      if (wasAsked.has(key)) expect([this.#scheduler.isEndgame, wasIdle, blocks.length]).toEqual([true, true, 1]);
      const copies = this.#peers.filter((each) => each.asked.has(key) && !each.doubtful.has(key)).length;
      expect(copies).toBeLessThanOrEqual(3);
    }
  }

  readonly #isAnswering = (session: number): boolean =>
    this.#peers.some((each) => each.session === session && !each.isSnubbed && each.asked.size > 0);

  /** No peer is idle while it could send a block that nobody was asked for. */
  #expectNoWorkFor(peer: ModelPeer): void {
    // The limit on unverified bytes and pieces that must come from one peer are good reasons to be idle.
    if (this.#mayRestart || this.#parameters.maxPieces < this.#parameters.pieces) return;
    const asked = new Set(this.#peers.flatMap((each) => [...each.asked.keys()]));
    for (const piece of peer.pieces.indices()) {
      if (this.#isComplete(piece)) continue;
      for (const key of this.#blocksOf(piece)) expect(asked.has(key) || this.#received.has(key)).toBe(true);
    }
  }

  #answer(peer: ModelPeer, choice: number): void {
    const block = [...peer.asked.values()][choice % Math.max(1, peer.asked.size)];
    if (block !== undefined) this.#receive(peer, block);
  }

  #answerLate(peer: ModelPeer, choice: number): void {
    const [block] = peer.late.splice(choice % Math.max(1, peer.late.length), 1);
    if (block !== undefined) this.#receive(peer, block);
  }

  #receive(peer: ModelPeer, block: BlockRef): void {
    const key = keyOf(block);
    const others = this.#peers.filter((each) => each !== peer && each.asked.has(key));
    const wasAsked = peer.asked.delete(key) && !peer.doubtful.delete(key);
    const outcome = this.#scheduler.received(peer.session, block.piece, block.begin);
    this.#settleDoubt(key, outcome);
    const isDuplicate = this.#received.has(key) || this.#isComplete(block.piece);
    this.#expectKind(outcome, isDuplicate, wasAsked);
    if (outcome.kind !== 'accepted') return;
    const cancelled = new Set(outcome.cancel);
    for (const other of others) {
      expect(cancelled.delete(other.session) || other.doubtful.delete(key)).toBe(true);
      other.asked.delete(key);
      other.doubtful.delete(key);
      other.late.push(block);
    }
    expect(cancelled.size).toBe(0);
    this.#received.set(key, keyOfPeer(peer));
    this.#kept.add(block.piece);
    this.#expectCompleteness(block.piece, outcome.isPieceComplete);
    if (!outcome.isPieceComplete) return;
    this.#committing.push(block.piece);
    this.#kept.delete(block.piece);
  }

  /** Blocks that are here make a piece complete, and nothing else does but those of which we cannot tell. */
  #expectCompleteness(piece: number, isComplete: boolean): void {
    const blocks = this.#blocksOf(piece);
    if (blocks.every((each) => this.#received.has(each))) expect(isComplete).toBe(true);
    if (isComplete) expect(blocks.every((each) => this.#received.has(each) || this.#perhaps.has(each))).toBe(true);
    if (isComplete) for (const each of blocks) this.#perhaps.delete(each);
  }

  /** Of a block that may be here: it is, if it is called a duplicate. */
  #settleDoubt(key: string, { kind }: BlockOutcome): void {
    const sender = this.#perhaps.get(key);
    if (sender === undefined || kind === 'unwanted') return;
    this.#perhaps.delete(key);
    if (kind === 'duplicate') this.#received.set(key, sender);
  }

  #expectKind(outcome: BlockOutcome, isDuplicate: boolean, wasAsked: boolean): void {
    if (isDuplicate) expect(outcome.kind).toBe('duplicate');
    // What is asked for must be taken; late blocks may come when there is no room, or somebody delivers alone.
    else if (wasAsked) expect(outcome.kind).toBe('accepted');
    else expect(outcome.kind).not.toBe('duplicate');
  }

  #timeOut(peer: ModelPeer, choice: number): void {
    const block = [...peer.asked.values()][choice % Math.max(1, peer.asked.size)];
    if (block === undefined) return;
    peer.asked.delete(keyOf(block));
    peer.doubtful.delete(keyOf(block));
    peer.late.push(block);
    this.#scheduler.release(peer.session, block);
  }

  #choke(peer: ModelPeer): void {
    peer.late.push(...peer.asked.values());
    peer.asked.clear();
    peer.doubtful.clear();
    this.#scheduler.releaseAll(peer.session);
  }

  #commit(first: number, second: number): void {
    if (this.#committing.length === 0) return;
    const index = first % this.#committing.length;
    if (second % 8 === 0) this.#fail(index);
    else if (second % 8 < 3 && this.#parameters.hasCorruption) this.#spoil(index);
    else this.#store(index);
  }

  #store(index: number): void {
    const piece = this.#layout.pieceIndex(this.#committing.splice(index, 1)[0] ?? -1);
    this.#stored.add(piece);
    this.#scheduler.pieceStored(piece);
  }

  #fail(index: number): void {
    const piece = this.#layout.pieceIndex(this.#committing.splice(index, 1)[0] ?? -1);
    this.#restart(piece);
    this.#scheduler.pieceFailed(piece);
  }

  #spoil(index: number): void {
    const piece = this.#layout.pieceIndex(this.#committing.splice(index, 1)[0] ?? -1);
    this.#restart(piece);
    const { banKey } = this.#scheduler.pieceCorrupt(piece);
    // From now on those of whom nothing good is known deliver alone.
    this.#mayRestart = true;
    if (banKey !== undefined) this.#forgetBlocksOf(banKey);
  }

  /** Of pieces that are not complete. */
  #forgetBlocksOf(banKey: string): void {
    for (const piece of this.#layout.pieces()) {
      if (this.#isComplete(piece)) continue;
      for (const key of this.#blocksOf(piece)) {
        if (this.#received.get(key) === banKey) this.#received.delete(key);
        if (this.#perhaps.get(key) === banKey) this.#perhaps.delete(key);
      }
    }
  }

  /** What came of a piece was forgotten. */
  #restart(piece: number): void {
    for (const key of this.#blocksOf(piece)) {
      this.#received.delete(key);
      this.#perhaps.delete(key);
    }
  }

  /** A peer is asked for a piece of which others sent a part: that may be forgotten now, so that the piece comes from it alone. */
  #doubtAfterRestart(piece: number, asked: string): void {
    const here = this.#blocksOf(piece).filter((key) => this.#received.has(key));
    if (!this.#mayRestart || here.every((key) => this.#received.get(key) === asked)) return;
    for (const key of here) {
      this.#perhaps.set(key, this.#received.get(key) ?? asked);
      this.#received.delete(key);
    }
  }

  /** A peer looks for work: what silent peers were to deliver may be taken from them for it. */
  #doubtTheSilent(hungry: ModelPeer): void {
    if (!this.#mayRestart) return;
    for (const peer of this.#peers) {
      if (peer !== hungry && peer.isSnubbed) for (const key of peer.asked.keys()) peer.doubtful.add(key);
    }
  }

  #isComplete(piece: number): boolean {
    return this.#stored.has(piece) || this.#committing.includes(piece);
  }

  #blocksOf(index: number): string[] {
    const piece = this.#layout.pieceIndex(index);
    return Array.from({ length: this.#layout.blockCount(piece) }, (_, block) => `${piece}:${block * BLOCK_BYTES}`);
  }
}

function keyOfPeer({ session }: { readonly session: number }): string {
  return `key ${session % 5}`;
}

function keyOf(block: BlockRef): string {
  return `${block.piece}:${block.begin}`;
}
