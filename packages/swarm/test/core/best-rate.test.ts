import { describe, expect, it } from 'vitest';

import { BestRate } from '../../src/core/best-rate.js';

const STEP_MS = 100;
const FAST = 100_000;
const SLOW = 10_000;

describe('BestRate', () => {
  it('is unknown in the first two seconds, whatever was sent', () => {
    const uplink = new BestRate(4_000, 2_000);
    expect(uplink.bytesPerSecond).toBeUndefined();
    send(uplink, FAST, 50_000, 52_000);
    expect(uplink.bytesPerSecond).toBeUndefined();
    uplink.add(52_000, 0);
    expect(uplink.bytesPerSecond).toBeDefined();
  });

  it('is what was sent in each second after that', () => {
    const uplink = new BestRate(4_000, 2_000);
    send(uplink, FAST, 0, 60_000);
    expectAbout(uplink, FAST);
  });

  it.each([3_000, 7_000, 11_000, 15_000, 19_000])(
    'remembers the best for ten seconds when less is sent from %i ms on, and for twenty at most',
    (end) => {
      const uplink = new BestRate(4_000, 2_000);
      send(uplink, FAST, 0, end);
      send(uplink, SLOW, end, end + 10_000);
      expectAbout(uplink, FAST);
      // The meter below looks back over four seconds more.
      send(uplink, SLOW, end + 10_000, end + 24_000);
      expectAbout(uplink, SLOW);
    },
  );

  it('knows at once of more', () => {
    const uplink = new BestRate(4_000, 2_000);
    send(uplink, SLOW, 0, 30_000);
    expectAbout(uplink, SLOW);
    send(uplink, FAST, 30_000, 34_000);
    expectAbout(uplink, FAST);
  });
});

/** So many bytes a second leave, from one time to before another. */
function send(uplink: BestRate, bytesPerSecond: number, from: number, end: number): void {
  for (let now = from; now < end; now += STEP_MS) uplink.add(now, (bytesPerSecond * STEP_MS) / 1_000);
}

function expectAbout(uplink: BestRate, bytesPerSecond: number): void {
  expect(uplink.bytesPerSecond).toBeGreaterThan(0.9 * bytesPerSecond);
  expect(uplink.bytesPerSecond).toBeLessThan(1.1 * bytesPerSecond);
}
