import { BLOCK_BYTES, PieceLayout } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import { downloadRoom } from '../src/core/download-room.js';
import { Session } from '../src/core/session.js';
import { DEFAULT_SWARM_OPTIONS } from '../src/swarm-options.js';

const LAYOUT = new PieceLayout(BLOCK_BYTES, 100 * BLOCK_BYTES);

/** A peer that does not choke us, has something for us, and was asked for `asked` blocks at time 0. */
function giver(id: number, asked: number): Session {
  const session = new Session(
    id,
    { isOutgoing: true, remote: { host: `10.0.0.${String(id)}`, port: 6881 }, now: 0 },
    DEFAULT_SWARM_OPTIONS,
  );
  session.amInterested = true;
  session.isChokingUs = false;
  for (let index = 0; index < asked; index++) {
    session.window.sent({ piece: LAYOUT.pieceIndex(index), begin: 0, length: BLOCK_BYTES }, 0);
  }
  return session;
}

describe('downloadRoom', () => {
  it('is without bound where one peer only can be asked', () => {
    const [only, choking] = [giver(1, 100), giver(2, 0)];
    choking.isChokingUs = true;
    expect(downloadRoom(only, [only, choking], 0, 100)).toBe(Infinity);
  });

  it('is what all peers together do not owe us yet', () => {
    const [a, b] = [giver(1, 20), giver(2, 0)];
    expect(downloadRoom(b, [a, b], 0, 100)).toBe(4);
    const full = giver(3, 30);
    expect(downloadRoom(b, [a, b, full], 0, 100)).toBe(0);
  });

  it('grows with what arrives', () => {
    const [a, b] = [giver(1, 20), giver(2, 0)];
    expect(downloadRoom(b, [a, b], 100 * BLOCK_BYTES, 100)).toBe(130);
  });

  it('keeps more for a seeder', () => {
    const [a, seeder] = [giver(1, 24), giver(2, 0)];
    expect(downloadRoom(seeder, [a, seeder], 0, 100)).toBe(0);
    seeder.saysUploadOnly = true;
    expect(downloadRoom(seeder, [a, seeder], 0, 100)).toBe(8);
  });

  it('does not count a peer that has fallen silent', () => {
    const [silent, b] = [giver(1, 24), giver(2, 0)];
    expect(downloadRoom(b, [silent, b], 0, 3_000)).toBe(0);
    expect(downloadRoom(b, [silent, b], 0, 5_000)).toBe(24);
  });
});
