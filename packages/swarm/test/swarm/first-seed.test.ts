import { describe, expect, it } from 'vitest';

import { isComplete, World } from '../fixtures/world.js';

const LINK = { upBytesPerSecond: 1_000_000, downBytesPerSecond: 4_000_000 };

describe('A first seed', () => {
  it.each([1, 2, 3])('has sent little twice when everything is out (seed %d)', (seed) => {
    const world = new World({ seed, pieces: 64, pieceLength: 65_536, network: { latencyMs: 20 } });
    const seeder = world.seeder('10.0.0.1', { link: LINK });
    const leechers = Array.from({ length: 10 }, (_, index) =>
      world.leecher(`10.0.1.${String(index)}`, { link: LINK, peers: [seeder.address] }),
    );
    const isOut = (piece: number): boolean => leechers.some((leecher) => leecher.storage.have().has(piece));
    world.run(60_000, () => Array.from({ length: 64 }, (_, piece) => piece).every(isOut));
    expect(leechers.some(isComplete)).toBe(false);
    expect(seeder.swarm.status().uploadedBytes / world.content.length).toBeLessThan(1.3);
    world.run(60_000, () => leechers.every(isComplete));
    expect(leechers.every(isComplete)).toBe(true);
  });

  it('serves whoever has nobody else to ask', () => {
    // The two cannot reach each other: what one got, the other has to have of the seeder all the same.
    const world = new World({ pieces: 32 });
    const seeder = world.seeder('10.0.0.1', { link: LINK });
    const leechers = ['10.0.1.1', '10.0.1.2'].map((host) =>
      world.leecher(host, { link: LINK, peers: [seeder.address] }),
    );
    world.network.cut((from, to) => from.startsWith('10.0.1.') && to.startsWith('10.0.1.'));
    world.run(60_000, () => leechers.every(isComplete));
    expect(leechers.every(isComplete)).toBe(true);
  });

  it('suggests no more than a fast peer puts up with', () => {
    // Found over loopback: a suggestion for each of 8,000 pieces a second was taken for a flood.
    const world = new World({ pieces: 8_000, pieceLength: 1_024, network: { latencyMs: 0.1 } });
    const seeder = world.seeder('10.0.0.1');
    const leecher = world.leecher('10.0.1.1', { peers: [seeder.address] });
    world.run(60_000, () => isComplete(leecher));
    expect(isComplete(leecher)).toBe(true);
    expect(leecher.events.filter(({ kind }) => kind === 'peerConnected')).toHaveLength(1);
  });

  it('gives the slot of a peer that wants nothing more to one that waits, at once', () => {
    const world = new World({ pieces: 16 });
    const seeder = world.seeder('10.0.0.1', { link: LINK, options: { uploadSlots: 1, chokeRoundMs: 600_000 } });
    const hosts = ['10.0.1.1', '10.0.1.2', '10.0.1.3'];
    const leechers = hosts.map((host) => world.leecher(host, { link: LINK, peers: [seeder.address] }));
    world.network.cut((from, to) => from.startsWith('10.0.1.') && to.startsWith('10.0.1.'));
    world.run(60_000, () => leechers.every(isComplete));
    expect(leechers.every(isComplete)).toBe(true);
  });
});
