/**
 * Goal: a download that had to pause goes on by itself as soon as it may. Method: nodes in virtual time; a pause that nobody
 * ends shows as a download that takes until some unrelated event.
 */
import { describe, expect, it } from 'vitest';

import { isComplete, World } from '../fixtures/world.js';

const MINUTE = 60_000;

describe('a download limit', () => {
  it.each([100_000, 1_000_000, 8_000_000])('of %i bytes per second is used, and kept', (downloadBytesPerSecond) => {
    const world = new World({ pieces: 64 });
    const seeder = world.seeder('10.0.0.1');
    const leecher = world.leecher('10.0.0.2', { peers: [seeder.address], options: { downloadBytesPerSecond } });
    const tookMs = world.run(10 * MINUTE, () => isComplete(leecher));
    expect(isComplete(leecher)).toBe(true);
    const leastMs = (world.content.length / downloadBytesPerSecond) * 1_000;
    expect(tookMs).toBeGreaterThan(0.9 * leastMs);
    expect(tookMs).toBeLessThan(1.1 * leastMs + 1_000);
  });
});
