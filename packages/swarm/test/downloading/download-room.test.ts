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

describe('DownloadRoom', () => {
  it('is without bound where one peer only can be asked', () => {
    const [only, choking] = [giver(1, 100), giver(2, 0)];
    choking.isChokingUs = true;
    expect(roomWith(only, choking).blocksFor(only, 0, 100)).toBe(Infinity);
  });

  it('is what all peers together do not owe us yet', () => {
    const [a, b] = [giver(1, 20), giver(2, 0)];
    const room = roomWith(a, b);
    expect(room.blocksFor(b, 0, 100)).toBe(4);
    room.changed(giver(3, 30));
    expect(room.blocksFor(b, 0, 100)).toBe(0);
  });

  it('is free again when what was asked for came, or when who owes it left', () => {
    const [a, b, c] = [giver(1, 20), giver(2, 4), giver(3, 0)];
    const room = roomWith(a, b, c);
    expect(room.blocksFor(b, 0, 100)).toBe(0);
    b.window.received({ piece: 0, begin: 0 }, 100);
    room.changed(b);
    expect(room.blocksFor(b, 0, 100)).toBe(1);
    a.end({ party: 'transport', code: 'lost', detail: '' });
    room.changed(a);
    expect(room.blocksFor(b, 0, 100)).toBe(21);
  });

  it('grows with what arrives', () => {
    const [a, b] = [giver(1, 20), giver(2, 0)];
    expect(roomWith(a, b).blocksFor(b, 100 * BLOCK_BYTES, 100)).toBe(130);
  });

  it('keeps more for a seeder', () => {
    const [a, seeder] = [giver(1, 24), giver(2, 0)];
    const room = roomWith(a, seeder);
    expect(room.blocksFor(seeder, 0, 100)).toBe(0);
    seeder.saysUploadOnly = true;
    expect(room.blocksFor(seeder, 0, 100)).toBe(8);
  });

  it('does not count a peer that has fallen silent', () => {
    const [silent, b] = [giver(1, 24), giver(2, 0)];
    const room = roomWith(silent, b);
    expect(room.blocksFor(b, 0, 3_000)).toBe(0);
    expect(room.blocksFor(b, 0, 5_000)).toBe(24);
  });
});
