/**
 * Goal: one peer far away fills a line. Counted in virtual time, so the figures are the same on every machine.
 * Method: a seeder and a leecher 100 ms apart (there and back). The first part of the content pays for dial, handshakes and
 * slow start; from there on the line should be full. Over 256 MiB from the first dial it is 97 % of 100 Mb/s.
 */
import { describe, expect, it } from 'vitest';

import { isComplete, World } from '../fixtures/world.js';

const MIB = 1024 * 1024;

describe('one peer, 100 ms away', () => {
  it.each([
    { line: '100 Mb/s', bytesPerSecond: 12_500_000, pieces: 64, start: 16, least: 0.95 },
    { line: '1 Gb/s', bytesPerSecond: 125_000_000, pieces: 128, start: 64, least: 0.9 },
  ])('fills $least of a line of $line', ({ bytesPerSecond, pieces, start, least }) => {
    const world = new World({ pieces, pieceLength: MIB, lastPieceBytes: MIB, network: { latencyMs: 50 } });
    const link = { upBytesPerSecond: bytesPerSecond, downBytesPerSecond: bytesPerSecond };
    const seeder = world.seeder('10.0.0.1', { link });
    const leecher = world.leecher('10.0.0.2', { link, peers: [seeder.address] });
    const startedMs = world.run(10_000, () => leecher.swarm.status().haveBytes >= start * MIB);
    // Twenty round trips at the most, however fast the line.
    expect(startedMs).toBeLessThan(2_000 + ((start * MIB) / bytesPerSecond) * 1_000);
    const haveBytes = leecher.swarm.status().haveBytes;
    const tookMs = world.run(120_000, () => isComplete(leecher));
    expect((pieces * MIB - haveBytes) / bytesPerSecond / (tookMs / 1_000)).toBeGreaterThan(least);
  });
});
