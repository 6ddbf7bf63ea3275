import { Bitfield, BLOCK_BYTES, PieceLayout } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import { BlockScheduler } from '../../src/core/pieces/block-scheduler.js';
import type { PickHints } from '../../src/core/pieces/pick-hints.js';
import { SeededRandom } from '../../src/testing/seeded-random.js';
import { ALICE, BOB, CAROL, DAVE, FAST, piecesOf, TestSwarm } from './test-swarm.js';

const SLOW: PickHints = { isSnubbed: false, isFast: false };
const SNUBBED: PickHints = { isSnubbed: true, isFast: true };

describe('BlockScheduler: whose piece is it', () => {
  it('lets a peer fill a whole piece before it begins another', () => {
    const swarm = new TestSwarm({ pieces: 3, blocks: 4 });
    swarm.addSeed(ALICE);
    const blocks = swarm.pick(ALICE, 6);
    expect(new Set(blocks.slice(0, 4).map((block) => block.piece)).size).toBe(1);
    expect(blocks.slice(0, 4).map((block) => block.begin / BLOCK_BYTES)).toEqual([0, 1, 2, 3]);
    const [, , , , fifth, sixth] = blocks;
    expect(fifth?.piece).toBe(sixth?.piece);
    const more = swarm.pick(ALICE, 1);
    expect(more[0]?.piece).toBe(fifth?.piece);
    expect(more[0]?.begin).toBe(2 * BLOCK_BYTES);
  });

  it('gives two peers two pieces', () => {
    const swarm = new TestSwarm({ pieces: 2, blocks: 4 });
    swarm.addSeed(ALICE);
    swarm.addSeed(BOB);
    expect(piecesOf(swarm.pick(ALICE, 2))).not.toEqual(piecesOf(swarm.pick(BOB, 2)));
  });

  it('never asks two peers for the same block while there is another', () => {
    const swarm = new TestSwarm({ pieces: 1, blocks: 4 });
    swarm.addSeed(ALICE);
    swarm.addSeed(BOB);
    const blocks = [...swarm.pick(ALICE, 2), ...swarm.pick(BOB, 2)];
    expect(blocks.map((block) => block.begin / BLOCK_BYTES)).toEqual([0, 1, 2, 3]);
  });

  it('asks another peer for the block when the first one times out', () => {
    const swarm = new TestSwarm({ pieces: 2, blocks: 2 });
    swarm.addSeed(ALICE);
    swarm.addSeed(BOB);
    const [block, other] = swarm.pick(ALICE, 2);
    swarm.receive(ALICE, other);
    swarm.release(ALICE, block);
    expect(swarm.pick(BOB, 1)).toEqual([block]);
  });

  it('gives the piece that a peer failed to deliver to that same peer only when nothing else is left', () => {
    const swarm = new TestSwarm({ pieces: 2, blocks: 2 });
    swarm.addSeed(ALICE);
    const [block, other] = swarm.pick(ALICE, 2);
    swarm.receive(ALICE, other);
    swarm.release(ALICE, block);
    const next = swarm.pick(ALICE, 3);
    expect(next.slice(0, 2).map((each) => each.piece)).not.toContain(block?.piece);
    expect(next[2]).toEqual(block);
  });

  it('lets a peer go on with its own piece after a choke', () => {
    const swarm = new TestSwarm({ pieces: 9, blocks: 3 });
    swarm.addSeed(ALICE);
    const [first, second] = swarm.pick(ALICE, 2);
    swarm.receive(ALICE, first);
    swarm.scheduler.releaseAll(ALICE);
    expect(swarm.pick(ALICE, 1)).toEqual([second]);
  });

  it('lets others fill the piece of a peer that chokes us, while its answers are still awaited', () => {
    const swarm = new TestSwarm({ pieces: 9, blocks: 3 });
    swarm.addSeed(ALICE);
    swarm.addSeed(BOB);
    const [first] = swarm.pick(ALICE, 1);
    swarm.scheduler.giveUpPieces(ALICE);
    const blocks = swarm.pick(BOB, 2);
    expect(piecesOf(blocks)).toEqual([first?.piece]);
    expect(swarm.receive(ALICE, first)).toMatchObject({ kind: 'accepted', cancel: [] });
  });

  it('lets others fill the piece of a peer that lost it', () => {
    const swarm = new TestSwarm({ pieces: 9, blocks: 3 });
    const alice = swarm.addLeecher(ALICE, [0, 1]);
    swarm.addSeed(BOB);
    const [first] = swarm.pick(ALICE, 1);
    alice.clear(first?.piece ?? -1);
    swarm.scheduler.peerLost(ALICE, swarm.piece(first?.piece));
    expect(piecesOf(swarm.pick(BOB, 2))).toEqual([first?.piece]);
  });

  it('forgets a piece of which nothing has come and nothing is awaited', () => {
    const swarm = new TestSwarm({ pieces: 2, blocks: 2 });
    swarm.addSeed(ALICE);
    swarm.pick(ALICE, 2);
    expect(swarm.scheduler.openPieceCount).toBe(1);
    swarm.scheduler.removePeer(ALICE);
    expect(swarm.scheduler.openPieceCount).toBe(0);
    expect(swarm.scheduler.unverifiedBytes).toBe(0);
  });

  it('has slow peers share a piece, and leaves fast ones alone with theirs', () => {
    const swarm = new TestSwarm({ pieces: 9, blocks: 8 });
    for (const session of [ALICE, BOB, CAROL, DAVE]) swarm.addSeed(session);
    const slow = swarm.pick(ALICE, 2, SLOW);
    expect(piecesOf(swarm.pick(BOB, 2, SLOW))).toEqual(piecesOf(slow));
    const fast = swarm.pick(CAROL, 2, FAST);
    expect(piecesOf(fast)).not.toEqual(piecesOf(slow));
    expect(piecesOf(swarm.pick(DAVE, 2, SLOW))).toEqual(piecesOf(slow));
  });

  it('gives a snubbed peer one of the commonest pieces, which anybody else may finish', () => {
    const swarm = new TestSwarm({ pieces: 8, blocks: 4, stored: [4, 5, 6, 7] });
    swarm.addSeed(ALICE);
    swarm.addLeecher(BOB, [0, 1, 2, 3]);
    swarm.addLeecher(CAROL, [2]);
    const [block] = swarm.pick(BOB, 1, SNUBBED);
    expect(block?.piece).toBe(2);
    expect(piecesOf(swarm.pick(ALICE, 3))).toEqual([2]);
  });

  it('lets others finish a begun piece of which a snubbed peer was asked for a block', () => {
    const swarm = new TestSwarm({ pieces: 8, blocks: 4 });
    for (const session of [ALICE, BOB, CAROL]) swarm.addSeed(session);
    const [first] = swarm.pick(ALICE, 1);
    swarm.receive(ALICE, first);
    swarm.scheduler.removePeer(ALICE);
    expect(piecesOf(swarm.pick(BOB, 1, SNUBBED))).toEqual([first?.piece]);
    expect(piecesOf(swarm.pick(CAROL, 2))).toEqual([first?.piece]);
  });

  it('asks a choking peer for allowed pieces only, the rarest first', () => {
    const swarm = new TestSwarm({ pieces: 8, blocks: 1 });
    swarm.addLeecher(ALICE, [0, 1, 2, 3]);
    swarm.addLeecher(BOB, [0]);
    const allowed = new Set([0, 2, 7]);
    expect(piecesOf(swarm.pick(ALICE, 1, { ...FAST, allowed }))).toEqual([2]);
    expect(piecesOf(swarm.pick(ALICE, 9, { ...FAST, allowed }))).toEqual([0]);
    expect(swarm.pick(ALICE, 9, { ...FAST, allowed })).toEqual([]);
  });
});

describe('BlockScheduler: a peer that chokes us', () => {
  it('leaves the piece it was filling to others when it is asked for an allowed one instead', () => {
    const swarm = new TestSwarm({ pieces: 9, blocks: 3 });
    swarm.addSeed(ALICE);
    swarm.addSeed(BOB);
    const [first] = swarm.pick(ALICE, 1);
    const allowed = new Set([first?.piece === 0 ? 1 : 0]);
    expect(piecesOf(swarm.pick(ALICE, 1, { ...FAST, allowed }))).toEqual([...allowed]);
    expect(piecesOf(swarm.pick(BOB, 2))).toEqual([first?.piece]);
  });
});

describe('BlockScheduler: which piece is next', () => {
  it('takes random pieces until four are stored, then the rarest', () => {
    const first = new Set<number>();
    for (let seed = 0; seed < 60; seed++) {
      const swarm = new TestSwarm({ pieces: 6, blocks: 1, seed });
      swarm.addLeecher(ALICE, [0, 1, 2]);
      swarm.addLeecher(BOB, [0, 1]);
      for (const { piece } of swarm.pick(ALICE, 1)) first.add(piece);
    }
    expect(first).toEqual(new Set([0, 1, 2]));
    for (let seed = 0; seed < 20; seed++) {
      const swarm = new TestSwarm({ pieces: 7, blocks: 1, stored: [3, 4, 5, 6], seed });
      swarm.addLeecher(ALICE, [0, 1, 2]);
      swarm.addLeecher(BOB, [0, 1]);
      expect(piecesOf(swarm.pick(ALICE, 1))).toEqual([2]);
    }
  });

  it('takes the rarest of a seeder from the first', () => {
    for (let seed = 0; seed < 20; seed++) {
      const swarm = new TestSwarm({ pieces: 4, blocks: 1, seed });
      swarm.addSeed(ALICE);
      swarm.addLeecher(BOB, [0, 1, 3]);
      expect(piecesOf(swarm.pick(ALICE, 1))).toEqual([2]);
    }
  });

  it('goes through the content in order when that was chosen', () => {
    const swarm = new TestSwarm({ pieces: 5, blocks: 1, stored: [0], order: 'sequential' });
    swarm.addSeed(ALICE);
    swarm.addLeecher(BOB, [1, 2]);
    expect(piecesOf(swarm.pick(ALICE, 3))).toEqual([1, 2, 3]);
  });

  it('counts what peers get and lose later', () => {
    const swarm = new TestSwarm({ pieces: 7, blocks: 1, stored: [3, 4, 5, 6] });
    swarm.addLeecher(ALICE, [0, 1]);
    const bob = swarm.addLeecher(BOB, []);
    bob.set(0);
    swarm.scheduler.peerHas(BOB, swarm.piece(0));
    expect(piecesOf(swarm.pick(ALICE, 1))).toEqual([1]);
    bob.clear(0);
    swarm.scheduler.peerLost(BOB, swarm.piece(0));
    expect(swarm.scheduler.isInteresting(BOB)).toBe(false);
    expect(swarm.pick(BOB, 1)).toEqual([]);
  });

  it('knows the shorter last block of the last piece', () => {
    const layout = new PieceLayout(2 * BLOCK_BYTES, 3 * BLOCK_BYTES + 7);
    const have = new Bitfield(2);
    have.set(0);
    const scheduler = new BlockScheduler(layout, have, new SeededRandom(1), {
      order: 'rarest-first',
      maxUnverifiedBytes: 2 ** 30,
    });
    scheduler.addPeer(ALICE, Bitfield.full(2));
    expect(scheduler.haveBytes).toBe(2 * BLOCK_BYTES);
    expect(scheduler.pick(ALICE, 9, FAST).map((block) => block.length)).toEqual([BLOCK_BYTES, 7]);
  });
});

describe('BlockScheduler: interest', () => {
  it('is there exactly while a peer has something that is not stored', () => {
    const swarm = new TestSwarm({ pieces: 3, blocks: 1, stored: [0] });
    const alice = swarm.addLeecher(ALICE, [0]);
    swarm.addSeed(BOB);
    expect(swarm.scheduler.isInteresting(ALICE)).toBe(false);
    expect(swarm.scheduler.isInteresting(BOB)).toBe(true);
    alice.set(1);
    swarm.scheduler.peerHas(ALICE, swarm.piece(1));
    expect(swarm.scheduler.isInteresting(ALICE)).toBe(true);
    for (const block of swarm.pick(BOB, 2)) {
      swarm.receive(BOB, block);
      // Complete is not stored: if storage fails, the peer is still needed.
      expect(swarm.scheduler.isInteresting(BOB)).toBe(true);
    }
    swarm.scheduler.pieceStored(swarm.piece(1));
    expect(swarm.scheduler.isInteresting(ALICE)).toBe(false);
    swarm.scheduler.pieceStored(swarm.piece(2));
    expect(swarm.scheduler.isInteresting(BOB)).toBe(false);
    expect(swarm.scheduler.isComplete).toBe(true);
    expect(swarm.scheduler.missingCount).toBe(0);
  });
});

describe('BlockScheduler: blocks that arrive', () => {
  it('says when the piece is complete', () => {
    const swarm = new TestSwarm({ pieces: 1, blocks: 2 });
    swarm.addSeed(ALICE);
    const [first, second] = swarm.pick(ALICE, 2);
    expect(swarm.receive(ALICE, second)).toEqual({
      kind: 'accepted',
      isPieceComplete: false,
      isRestComing: true,
      cancel: [],
    });
    expect(swarm.receive(ALICE, second)).toEqual({ kind: 'duplicate' });
    expect(swarm.receive(ALICE, first)).toEqual({
      kind: 'accepted',
      isPieceComplete: true,
      isRestComing: false,
      cancel: [],
    });
    expect(swarm.receive(ALICE, first)).toEqual({ kind: 'duplicate' });
    swarm.scheduler.pieceStored(swarm.piece(0));
    expect(swarm.receive(ALICE, first)).toEqual({ kind: 'duplicate' });
    expect(swarm.scheduler.have.toWire()).toEqual(Uint8Array.of(0x80));
  });

  it('takes a late block that is still missing, and cancels it with whoever was asked since', () => {
    const swarm = new TestSwarm({ pieces: 1, blocks: 2 });
    swarm.addSeed(ALICE);
    swarm.addSeed(BOB);
    const [first, second] = swarm.pick(ALICE, 2);
    swarm.release(ALICE, first);
    expect(swarm.pick(BOB, 1)).toEqual([first]);
    expect(swarm.receive(ALICE, first)).toEqual({
      kind: 'accepted',
      isPieceComplete: false,
      isRestComing: false,
      cancel: [BOB],
    });
    swarm.receive(ALICE, second);
    expect(swarm.scheduler.unverifiedBytes).toBe(2 * BLOCK_BYTES);
  });

  it('takes a late block even of a piece that was given up, if the limit allows', () => {
    const swarm = new TestSwarm({ pieces: 3, blocks: 2, maxPieces: 1 });
    swarm.addSeed(ALICE);
    swarm.addSeed(BOB);
    const [block] = swarm.pick(ALICE, 1);
    swarm.release(ALICE, block);
    expect(swarm.scheduler.openPieceCount).toBe(0);
    expect(swarm.receive(ALICE, block)).toMatchObject({ kind: 'accepted' });
    const [other] = swarm.pick(BOB, 1).filter((each) => each.piece !== block?.piece);
    swarm.release(BOB, other);
    expect(swarm.scheduler.openPieceCount).toBe(1);
  });

  it('refuses a late block of a piece that was given up when there is no room to begin it again', () => {
    const swarm = new TestSwarm({ pieces: 3, blocks: 2, maxPieces: 1 });
    swarm.addSeed(ALICE);
    const [block] = swarm.pick(ALICE, 1);
    swarm.release(ALICE, block);
    const others = swarm.pick(ALICE, 2, {
      ...FAST,
      allowed: new Set([0, 1, 2].filter((index) => index !== block?.piece)),
    });
    expect(others).toHaveLength(2);
    expect(swarm.receive(ALICE, block)).toEqual({ kind: 'unwanted' });
  });

  it('refuses what is no block of the torrent', () => {
    const swarm = new TestSwarm({ pieces: 1, blocks: 2 });
    swarm.addSeed(ALICE);
    for (const begin of [-BLOCK_BYTES, 1, BLOCK_BYTES + 1, 2 * BLOCK_BYTES]) {
      expect(swarm.scheduler.received(ALICE, swarm.piece(0), begin)).toEqual({ kind: 'unwanted' });
    }
    expect(swarm.scheduler.received(CAROL, swarm.piece(0), 0)).toEqual({ kind: 'unwanted' });
  });
});

describe('BlockScheduler: the limit on unverified bytes', () => {
  it('lets no peer begin a second piece above it', () => {
    const swarm = new TestSwarm({ pieces: 9, blocks: 2, maxPieces: 2 });
    swarm.addSeed(ALICE);
    expect(swarm.pick(ALICE, 99)).toHaveLength(4);
    expect(swarm.scheduler.unverifiedBytes).toBe(4 * BLOCK_BYTES);
  });

  it('counts pieces that storage is still busy with', () => {
    const swarm = new TestSwarm({ pieces: 9, blocks: 2, maxPieces: 2 });
    swarm.addSeed(ALICE);
    for (const block of swarm.pick(ALICE, 99)) swarm.receive(ALICE, block);
    expect(swarm.pick(ALICE, 99)).toEqual([]);
    swarm.scheduler.pieceStored(swarm.piece(swarm.committing[0]));
    expect(swarm.pick(ALICE, 99)).toHaveLength(2);
  });

  it('leaves no peer without work: each may have one piece going', () => {
    const swarm = new TestSwarm({ pieces: 9, blocks: 2, maxPieces: 1 });
    swarm.addSeed(ALICE);
    swarm.addSeed(BOB);
    expect(swarm.pick(ALICE, 99)).toHaveLength(2);
    expect(swarm.pick(BOB, 99)).toHaveLength(2);
    expect(swarm.scheduler.unverifiedBytes).toBe(4 * BLOCK_BYTES);
  });

  it('has peers above it finish what others began', () => {
    const swarm = new TestSwarm({ pieces: 9, blocks: 4, maxPieces: 1 });
    swarm.addSeed(ALICE);
    swarm.addSeed(BOB);
    const [block] = swarm.pick(ALICE, 1);
    expect(piecesOf(swarm.pick(BOB, 3).slice(0, 1))).not.toEqual([block?.piece]);
    expect(piecesOf(swarm.pick(BOB, 3))).toContain(block?.piece);
  });

  it('is larger than no piece: a piece above the limit is fetched all the same', () => {
    const swarm = new TestSwarm({ pieces: 2, blocks: 8, maxPieces: 0.1 });
    swarm.addSeed(ALICE);
    expect(swarm.pick(ALICE, 99)).toHaveLength(8);
  });
});
