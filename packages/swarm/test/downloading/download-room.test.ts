import { BLOCK_BYTES, PieceLayout } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import { DownloadRoom } from '../../src/core/downloading/download-room.js';
import { Session } from '../../src/core/session.js';
import { DEFAULT_SWARM_OPTIONS } from '../../src/swarm-options.js';

const LAYOUT = new PieceLayout(BLOCK_BYTES, 100 * BLOCK_BYTES);

/** A peer that does not choke us, has something for us, and was asked for `asked` blocks at time 0. */
function giver(id: number, asked: number): Session {
  const session = new Session(
    id,
    { isOutgoing: true, remote: { host: `10.0.0.${String(id)}`, port: 6881 }, now: 0 },
    DEFAULT_SWARM_OPTIONS,
  );
  session.advance('connected');
  session.advance('accepted');
  session.amInterested = true;
  session.isChokingUs = false;
  for (let index = 0; index < asked; index++) {
    session.window.sent({ piece: LAYOUT.pieceIndex(index), begin: 0, length: BLOCK_BYTES }, 0);
  }
  return session;
}

/** The room that knows of these. */
function roomWith(...sessions: readonly Session[]): DownloadRoom {
  const room = new DownloadRoom();
  for (const session of sessions) room.changed(session);
  return room;
}

const SLOW = { bytesPerSecond: 0, blocksOfPiece: 4 };

describe('DownloadRoom', () => {
  it('is without bound where one peer only can be asked', () => {
    const [only, choking] = [giver(1, 100), giver(2, 0)];
    choking.isChokingUs = true;
    expect(roomWith(only, choking).blocksFor(only, 100, SLOW)).toBe(Infinity);
  });

  it('is what all peers together do not owe us yet', () => {
    const [a, b] = [giver(1, 20), giver(2, 0)];
    const room = roomWith(a, b);
    expect(room.blocksFor(b, 100, SLOW)).toBe(4);
    room.changed(giver(3, 30));
    expect(room.blocksFor(b, 100, SLOW)).toBe(0);
  });

  it('is free again when what was asked for came, or when who owes it left', () => {
    const [a, b, c] = [giver(1, 20), giver(2, 4), giver(3, 0)];
    const room = roomWith(a, b, c);
    expect(room.blocksFor(b, 100, SLOW)).toBe(0);
    b.window.received({ piece: 0, begin: 0 }, 100);
    room.changed(b);
    expect(room.blocksFor(b, 100, SLOW)).toBe(1);
    a.end({ party: 'transport', code: 'lost', detail: '' });
    room.changed(a);
    expect(room.blocksFor(b, 100, SLOW)).toBe(21);
  });

  it('grows with what arrives', () => {
    const [a, b] = [giver(1, 20), giver(2, 0)];
    expect(roomWith(a, b).blocksFor(b, 100, { ...SLOW, bytesPerSecond: 100 * BLOCK_BYTES })).toBe(130);
  });

  it('looks back to the best second, up to twice what arrives now', () => {
    const [a, b] = [giver(1, 20), giver(2, 0)];
    const room = roomWith(a, b);
    for (let ms = 0; ms <= 2_000; ms += 10) room.received(ms, 2 * BLOCK_BYTES);
    const roomAt = (blocksPerSecond: number): number =>
      room.blocksFor(b, 2_000, { ...SLOW, bytesPerSecond: blocksPerSecond * BLOCK_BYTES });
    expect(roomAt(50)).toBe(1.5 * 100 - 20);
    // The room of a second in which 200 blocks came, or a few more: a meter has slots.
    expect(roomAt(150) / (1.5 * 200 - 20)).toBeCloseTo(1, 1);
    expect(roomAt(300)).toBe(1.5 * 300 - 20);
  });

  it('is two pieces where these are longer, up to a bound', () => {
    const [a, b] = [giver(1, 20), giver(2, 0)];
    expect(roomWith(a, b).blocksFor(b, 100, { ...SLOW, blocksOfPiece: 16 })).toBe(2 * 16 - 20);
    expect(roomWith(a, b).blocksFor(b, 100, { ...SLOW, blocksOfPiece: 4_096 })).toBe(2 * 64 - 20);
  });

  it('keeps more for a seeder', () => {
    const [a, seeder] = [giver(1, 24), giver(2, 0)];
    const room = roomWith(a, seeder);
    expect(room.blocksFor(seeder, 100, SLOW)).toBe(0);
    seeder.saysUploadOnly = true;
    expect(room.blocksFor(seeder, 100, SLOW)).toBe(8);
  });

  it('does not count a peer that has fallen silent', () => {
    const [silent, b] = [giver(1, 24), giver(2, 0)];
    const room = roomWith(silent, b);
    expect(room.blocksFor(b, 3_000, SLOW)).toBe(0);
    expect(room.blocksFor(b, 5_000, SLOW)).toBe(24);
  });
});
