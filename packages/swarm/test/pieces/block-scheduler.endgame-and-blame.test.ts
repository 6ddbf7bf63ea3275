import { BLOCK_BYTES, type BlockRef, type PieceIndex } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import type { PickHints } from '../../src/core/pieces/pick-hints.js';
import { ALICE, BOB, CAROL, DAVE, FAST, piecesOf, SILENT, TestSwarm } from './test-swarm.js';

describe('BlockScheduler: endgame', () => {
  it('asks an idle peer for one block that another was asked for, and cancels the slower', () => {
    const swarm = new TestSwarm({ pieces: 1, blocks: 3 });
    swarm.addSeed(ALICE);
    swarm.addSeed(BOB);
    const [first] = swarm.pick(ALICE, 3);
    expect(swarm.scheduler.isEndgame).toBe(true);
    expect(swarm.pick(BOB, 3)).toEqual([first]);
    expect(swarm.pick(BOB, 3)).toEqual([]);
    expect(swarm.receive(BOB, first)).toEqual({
      kind: 'accepted',
      isPieceComplete: false,
      isRestComing: false,
      cancel: [ALICE],
    });
    expect(swarm.receive(ALICE, first)).toEqual({ kind: 'duplicate' });
  });

  it('does not begin while a block that somebody has is still free', () => {
    const swarm = new TestSwarm({ pieces: 2, blocks: 2 });
    swarm.addSeed(ALICE);
    swarm.addLeecher(BOB, [0]);
    swarm.pick(BOB, 2);
    expect(swarm.scheduler.isEndgame).toBe(false);
    swarm.pick(ALICE, 2);
    expect(swarm.scheduler.isEndgame).toBe(true);
  });

  it('does not begin while a block is free that only others have', () => {
    const swarm = new TestSwarm({ pieces: 2, blocks: 2, order: 'sequential' });
    swarm.addSeed(ALICE);
    swarm.addLeecher(BOB, [0]);
    const blocks = swarm.pick(ALICE, 3);
    expect(swarm.pick(BOB, 1)).toEqual([]);
    swarm.receive(ALICE, blocks[2]);
    swarm.scheduler.giveUpPieces(ALICE);
    // Nobody fills the second piece now, but somebody could.
    expect(swarm.pick(BOB, 1)).toEqual([]);
    swarm.pick(ALICE, 1);
    expect(swarm.pick(BOB, 1)).toEqual([blocks[0]]);
  });

  it('begins though a block is free that nobody has any more', () => {
    const swarm = new TestSwarm({ pieces: 2, blocks: 2, order: 'sequential' });
    swarm.addLeecher(ALICE, [0]);
    swarm.addLeecher(BOB, [1]);
    swarm.addLeecher(CAROL, [1]);
    const [first] = swarm.pick(ALICE, 1);
    swarm.receive(ALICE, first);
    swarm.scheduler.removePeer(ALICE);
    const [second] = swarm.pick(BOB, 2);
    expect(swarm.scheduler.openPieceCount).toBe(2);
    expect(swarm.pick(CAROL, 1)).toEqual([second]);
  });

  it('begins though pieces are missing that nobody has', () => {
    const swarm = new TestSwarm({ pieces: 5, blocks: 1 });
    swarm.addLeecher(ALICE, [3]);
    swarm.addLeecher(BOB, [3]);
    const blocks = swarm.pick(ALICE, 9);
    expect(swarm.scheduler.isEndgame).toBe(true);
    expect(swarm.pick(BOB, 9)).toEqual(blocks);
  });

  it('has at most three copies of a block in flight, and spreads them', () => {
    const swarm = new TestSwarm({ pieces: 1, blocks: 2 });
    for (let session = 1; session <= 7; session++) swarm.addSeed(session);
    const [first, second] = swarm.pick(1, 2);
    const copies = [2, 3, 4, 5].flatMap((session) => swarm.pick(session, 9));
    expect(copies).toEqual([first, second, first, second]);
    expect(swarm.pick(6, 9)).toEqual([]);
    expect(swarm.receive(7, first)).toMatchObject({ kind: 'accepted', cancel: [1, 2, 4] });
  });

  it('never asks a peer twice for the same block', () => {
    const swarm = new TestSwarm({ pieces: 1, blocks: 1 });
    swarm.addSeed(ALICE);
    expect(swarm.pick(ALICE, 9)).toHaveLength(1);
    expect(swarm.pick(ALICE, 9)).toEqual([]);
  });
});

describe('BlockScheduler: blame', () => {
  it('names the peer that sent a bad piece alone, also after its session', () => {
    const swarm = new TestSwarm({ pieces: 1, blocks: 2 });
    swarm.addSeed(ALICE, 'mallory');
    for (const block of swarm.pick(ALICE, 2)) swarm.receive(ALICE, block);
    swarm.scheduler.removePeer(ALICE);
    swarm.addSeed(BOB, 'mallory');
    swarm.addSeed(CAROL, 'carol');
    expect(swarm.scheduler.pieceCorrupt(swarm.piece(0))).toMatchObject({ banKey: 'mallory', forgottenBytes: 0 });
  });

  it('throws away what else a peer sent that spoilt a piece, and keeps what others sent', () => {
    const swarm = new TestSwarm({ pieces: 2, blocks: 3, order: 'sequential' });
    swarm.addSeed(ALICE);
    swarm.addSeed(BOB);
    const alices = swarm.pick(ALICE, 4);
    for (const block of alices) swarm.receive(ALICE, block);
    swarm.scheduler.giveUpPieces(ALICE);
    const [bobs] = swarm.pick(BOB, 1);
    swarm.receive(BOB, bobs);
    expect(swarm.scheduler.pieceCorrupt(swarm.piece(0))).toEqual({
      banKey: `peer ${ALICE}`,
      forgottenBytes: BLOCK_BYTES,
    });
    expect(swarm.scheduler.takeEmptied()).toEqual([]);
    swarm.scheduler.removePeer(ALICE);
    const rest = swarm.pick(BOB, 2);
    expect(rest.map(({ piece, begin }) => [piece, begin])).toEqual([
      [1, 0],
      [1, 2 * BLOCK_BYTES],
    ]);
    for (const block of rest) swarm.receive(BOB, block);
    // Alice is known: what she took part in before is put down to her, not to Bob.
    expect(swarm.committing).toEqual([0, 1]);
  });

  it('bans nobody for a mixed piece, but fetches it again from one peer only', () => {
    const swarm = new TestSwarm({ pieces: 1, blocks: 4 });
    swarm.addSeed(ALICE);
    swarm.addSeed(BOB);
    swarm.mix(ALICE, BOB);
    expect(swarm.scheduler.pieceCorrupt(swarm.piece(0)).banKey).toBeUndefined();
    swarm.addSeed(CAROL);
    expect(swarm.pick(CAROL, 2)).toHaveLength(2);
    expect(swarm.pick(BOB, 4)).toEqual([]);
    expect(swarm.scheduler.received(BOB, swarm.piece(0), 0)).toEqual({ kind: 'unwanted' });
    for (const block of swarm.pick(CAROL, 9)) swarm.receive(CAROL, block);
    for (const begin of [0, BLOCK_BYTES]) swarm.scheduler.received(CAROL, swarm.piece(0), begin);
    expect(swarm.scheduler.pieceCorrupt(swarm.piece(0)).banKey).toBe(`peer ${CAROL}`);
  });

  it('finds the culprit among several by having each deliver pieces alone', () => {
    const swarm = new TestSwarm({ pieces: 3, blocks: 2 });
    swarm.putOnParole(ALICE, BOB);
    const alices = swarm.pick(ALICE, 1);
    // Bob is on parole too: he does not get the rest of Alice's piece, though it is free.
    const bobs = swarm.pick(BOB, 1);
    expect(piecesOf(bobs)).not.toEqual(piecesOf(alices));
    for (const block of [...alices, ...swarm.pick(ALICE, 1)]) swarm.receive(ALICE, block);
    for (const block of [...bobs, ...swarm.pick(BOB, 1)]) swarm.receive(BOB, block);
    swarm.scheduler.pieceStored(piece(alices));
    expect(swarm.scheduler.pieceCorrupt(piece(bobs)).banKey).toBe(`peer ${BOB}`);
  });

  it('lets a peer on parole neither join the piece of another, nor have its own joined', () => {
    const swarm = new TestSwarm({ pieces: 4, blocks: 4 });
    const proven = swarm.prove('carol and dave');
    const spoilt = swarm.putOnParole(ALICE, BOB);
    swarm.addLeecher(
      CAROL,
      [0, 1, 2].filter((each) => each !== proven && each !== spoilt).slice(0, 1),
      'carol and dave',
    );
    swarm.addSeed(DAVE, 'carol and dave');
    const carols = swarm.pick(CAROL, 1);
    const bobs = swarm.pick(BOB, 1);
    const alices = swarm.pick(ALICE, 99);
    expect(alices).toHaveLength(4);
    expect(new Set(piecesOf([...alices, ...bobs, ...carols])).size).toBe(3);
    expect(piecesOf(swarm.pick(DAVE, 99))).toEqual(piecesOf(carols));
  });

  it('lets nobody of whom nothing good is known add to others’ pieces, once a piece was spoilt', () => {
    const swarm = new TestSwarm({ pieces: 4, blocks: 2, order: 'sequential' });
    swarm.prove('alice');
    swarm.addSeed(ALICE, 'alice');
    swarm.addSeed(BOB, 'bob');
    swarm.addSeed(CAROL, 'carol');
    for (const block of swarm.pick(CAROL, 2)) swarm.receive(CAROL, block);
    swarm.pick(ALICE, 1, { isSnubbed: false, isFast: false });
    swarm.scheduler.pieceCorrupt(swarm.piece(1));
    swarm.scheduler.removePeer(CAROL);
    expect(piecesOf(swarm.pick(BOB, 4, { isSnubbed: false, isFast: false }))).not.toContain(2);
    swarm.addSeed(DAVE, 'alice');
    expect(piecesOf(swarm.pick(DAVE, 1, { isSnubbed: false, isFast: false }))).toEqual([2]);
  });

  it('asks a peer on parole for no second copy in the endgame', () => {
    const swarm = onePieceLeft();
    expect(swarm.pick(CAROL, 2)).toHaveLength(2);
    expect(swarm.scheduler.isEndgame).toBe(true);
    expect(swarm.pick(BOB, 2)).toEqual([]);
    expect(swarm.pick(DAVE, 2)).toHaveLength(1);
  });

  it('does not throw away what others sent for a peer on parole while that has other work', () => {
    const swarm = new TestSwarm({ pieces: 3, blocks: 4 });
    const spoilt = swarm.putOnParole(ALICE, BOB);
    swarm.addLeecher(CAROL, [spoilt === 0 ? 1 : 0]);
    const [block] = swarm.pick(CAROL, 1);
    swarm.receive(CAROL, block);
    swarm.scheduler.removePeer(CAROL);
    expect(piecesOf(swarm.pick(BOB, 8))).not.toContain(block?.piece);
    expect(piecesOf(swarm.pick(BOB, 4))).toEqual([block?.piece]);
  });

  it('keeps a piece that a peer on parole took over to that peer', () => {
    const swarm = new TestSwarm({ pieces: 2, blocks: 4 });
    const spoilt = swarm.putOnParole(ALICE, BOB);
    swarm.addLeecher(CAROL, [1 - spoilt]);
    const [block] = swarm.pick(CAROL, 1);
    swarm.receive(CAROL, block);
    swarm.scheduler.removePeer(CAROL);
    for (const each of swarm.pick(BOB, 4, { ...FAST, allowed: new Set([spoilt]) })) swarm.receive(BOB, each);
    // Nothing else is left: Bob sends the piece anew, though one of its blocks was there, and nobody adds to it.
    expect(swarm.pick(BOB, 2)).toHaveLength(2);
    swarm.addSeed(DAVE);
    expect(swarm.pick(DAVE, 9)).toEqual([]);
    expect(swarm.pick(BOB, 9)).toHaveLength(2);
  });

  it("asks again for a block that came when the piece had become another peer's", () => {
    // Found by S08: the block was thrown away and stayed asked, and the piece waited for it for ever.
    const swarm = new TestSwarm({ pieces: 1, blocks: 2 });
    swarm.putOnParole(ALICE, BOB);
    swarm.addSeed(CAROL);
    swarm.addSeed(DAVE);
    const daves = swarm.pick(DAVE, 2);
    for (const block of daves) swarm.release(DAVE, block);
    const carols = swarm.pick(CAROL, 2);
    swarm.release(CAROL, carols[0]);
    // One that was given up long ago comes all the same, and begins the piece.
    expect(swarm.receive(DAVE, daves[0])).toMatchObject({ kind: 'accepted' });
    expect(swarm.receive(CAROL, carols[1])).toEqual({ kind: 'unwanted' });
    expect(swarm.pick(CAROL, 9)).toHaveLength(2);
  });

  it('gives a peer on parole what is asked of silent peers only', () => {
    // Found by the soup, seed 53614: two silent peers that timed out in turn kept the piece from all on parole.
    const swarm = onePieceLeft();
    const [first] = swarm.pick(CAROL, 1, SILENT);
    const [second] = swarm.pick(DAVE, 1, SILENT);
    swarm.release(CAROL, first);
    expect(swarm.pick(ALICE, 2)).toEqual([first]);
    swarm.release(DAVE, second);
    expect(swarm.pick(ALICE, 2)).toEqual([second]);
  });

  it('has a peer on parole wait for what is asked of others that answer', () => {
    const swarm = new TestSwarm({ pieces: 1, blocks: 2 });
    swarm.putOnParole(ALICE, BOB);
    swarm.addSeed(CAROL);
    swarm.pick(CAROL, 1);
    swarm.scheduler.giveUpPieces(CAROL);
    expect(swarm.pick(ALICE, 2)).toEqual([]);
  });

  it('starts a piece anew when another peer must deliver it alone', () => {
    const swarm = new TestSwarm({ pieces: 1, blocks: 4 });
    swarm.putOnParole(ALICE, BOB);
    const [first, second] = swarm.pick(ALICE, 2);
    swarm.receive(ALICE, first);
    swarm.release(ALICE, second);
    swarm.addSeed(CAROL);
    expect(swarm.pick(CAROL, 9)).toHaveLength(4);
  });

  it('takes a piece from a peer on parole that is silent, once and for all, and not from one that answers', () => {
    const swarm = new TestSwarm({ pieces: 1, blocks: 4 });
    swarm.putOnParole(ALICE, BOB);
    const [first] = swarm.pick(ALICE, 2);
    swarm.receive(ALICE, first);
    const asked = (isAnswering: boolean): PickHints => ({ ...FAST, isAnswering: () => isAnswering });
    expect(swarm.pick(BOB, 9, asked(true))).toEqual([]);
    const [bobs] = swarm.pick(BOB, 4, asked(false));
    expect(bobs).toEqual(first);
    // What Alice sends now would spoil the blame, and she does not take it back.
    expect(swarm.receive(ALICE, first)).toEqual({ kind: 'unwanted' });
    expect(swarm.pick(ALICE, 9, asked(false))).toEqual([]);
  });

  it('takes it once and for all though nothing had come of it', () => {
    const swarm = new TestSwarm({ pieces: 1, blocks: 4 });
    swarm.putOnParole(ALICE, BOB);
    const nobodyAnswers: PickHints = { ...FAST, isAnswering: () => false };
    expect(swarm.pick(ALICE, 2)).toHaveLength(2);
    expect(swarm.pick(BOB, 2, nobodyAnswers)).toHaveLength(2);
    expect(swarm.pick(ALICE, 2, nobodyAnswers)).toEqual([]);
  });

  it('gives it to a peer that may begin none', () => {
    const swarm = new TestSwarm({ pieces: 2, blocks: 2, maxPieces: 1 });
    const spoilt = swarm.putOnParole(ALICE, BOB);
    const bobs = swarm.pick(BOB, 2, { ...FAST, allowed: new Set([spoilt]) });
    for (const block of bobs) swarm.receive(BOB, block);
    const alices = swarm.pick(ALICE, 2);
    expect(piecesOf(alices)).toEqual([1 - spoilt]);
    // Bob's piece is with storage, and there is room for no other: he is given this one, and not nobody.
    expect(swarm.pick(BOB, 2, { ...FAST, isAnswering: () => false })).toEqual(alices);
  });

  it('asks a peer on parole again for blocks thrown away of a piece that it had gone on from', () => {
    const swarm = new TestSwarm({ pieces: 2, blocks: 2, order: 'sequential' });
    swarm.addSeed(ALICE);
    const [begun, , ...spoilt] = swarm.pick(ALICE, 4);
    for (const block of [begun, ...spoilt]) swarm.receive(ALICE, block);
    expect(swarm.scheduler.pieceCorrupt(swarm.piece(1)).forgottenBytes).toBe(BLOCK_BYTES);
    // There is nobody else to ask: if it were not asked again, the download would never end.
    expect(swarm.pick(ALICE, 9)).toEqual([begun, ...spoilt]);
  });

  it('names the pieces of which a convict had sent all that there was', () => {
    const swarm = new TestSwarm({ pieces: 2, blocks: 2, order: 'sequential' });
    swarm.addSeed(ALICE);
    for (const block of swarm.pick(ALICE, 3)) swarm.receive(ALICE, block);
    swarm.scheduler.pieceCorrupt(swarm.piece(0));
    expect(swarm.scheduler.takeEmptied()).toEqual([1]);
    expect(swarm.scheduler.takeEmptied()).toEqual([]);
  });

  it('names a piece that was started anew, unless a block of it has come since', () => {
    const swarm = new TestSwarm({ pieces: 1, blocks: 4 });
    swarm.putOnParole(ALICE, BOB);
    const startAnew = (from: number, by: number): BlockRef[] => {
      const [first, second] = swarm.pick(from, 2);
      swarm.receive(from, first);
      swarm.release(from, second);
      return swarm.pick(by, 4);
    };
    startAnew(ALICE, BOB);
    expect(swarm.scheduler.takeEmptied()).toEqual([0]);
    // It is given up, and stays named: its next block makes room again.
    swarm.scheduler.removePeer(BOB);
    expect([swarm.scheduler.openPieceCount, swarm.scheduler.takeEmptied()]).toEqual([0, []]);
    swarm.addSeed(BOB, 'peer 2');
    const [anew] = startAnew(ALICE, BOB);
    swarm.receive(BOB, anew);
    expect(swarm.scheduler.takeEmptied()).toEqual([]);
  });

  it('blames nobody when storage fails, and fetches the piece again', () => {
    const swarm = new TestSwarm({ pieces: 1, blocks: 1 });
    swarm.addSeed(ALICE);
    for (const block of swarm.pick(ALICE, 1)) swarm.receive(ALICE, block);
    swarm.scheduler.pieceFailed(swarm.piece(0));
    expect(swarm.scheduler.unverifiedBytes).toBe(0);
    expect(swarm.pick(ALICE, 1)).toHaveLength(1);
  });
});

/** One piece of two blocks is left: Alice and Bob, on parole, have it, and Carol and Dave, of whom good is known. */
function onePieceLeft(): TestSwarm {
  const swarm = new TestSwarm({ pieces: 3, blocks: 2 });
  const proven = swarm.prove('carol and dave');
  const spoilt = swarm.putOnParole(ALICE, BOB);
  const left = [0, 1, 2].filter((each) => each !== proven && each !== spoilt);
  swarm.addLeecher(CAROL, left, 'carol and dave');
  swarm.addLeecher(DAVE, left, 'carol and dave');
  for (const block of swarm.pick(BOB, 2, { ...FAST, allowed: new Set([spoilt]) })) swarm.receive(BOB, block);
  return swarm;
}

function piece(blocks: readonly BlockRef[]): PieceIndex {
  const [block] = blocks;
  if (block === undefined) throw new Error('no block');
  return block.piece;
}
