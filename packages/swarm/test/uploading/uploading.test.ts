import { BLOCK_BYTES } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import type { CoreMessage, SessionId } from '../../src/core/input.js';
import { CoreFixture } from '../fixtures/core-fixture.js';

const INTERESTED: CoreMessage = { type: 'interested' };

describe('a seeder', () => {
  it('goes on serving the others when a peer takes back the only request that waits', () => {
    // Found by the soup: the peer without a request kept the longest wait, was chosen again and again, and got nothing.
    // Its peers know no BEP 6, so nothing is suggested or refused; all are unchoked, there are slots enough.
    const seeder = new CoreFixture({ pieces: 32, isSeeder: true, supportsFast: false });
    const servedTo = (peer: SessionId): number => seeder.sentTo(peer, 'piece').length;
    // So many that what the network takes at a time is not enough for one more.
    const busy = ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'].map((host) => seeder.peer(host, INTERESTED));
    const fickle = seeder.peer('10.0.0.5', INTERESTED);
    for (let piece = 0; piece < 16; piece++) for (const peer of busy) seeder.hear(peer, request(piece));
    for (const peer of busy) expect(servedTo(peer)).toBeLessThan(16);
    seeder.hear(fickle, request(20));
    seeder.hear(fickle, { ...request(20), type: 'cancel' });
    seeder.pass(1_000);
    seeder.flushBlocks();
    for (const peer of busy) expect(servedTo(peer)).toBe(16);
    expect(servedTo(fickle)).toBe(0);
  });
});

function request(piece: number): Extract<CoreMessage, { type: 'request' }> {
  return { type: 'request', piece, begin: 0, length: BLOCK_BYTES };
}
