import { describe, expect, it } from 'vitest';

import { GossipPace } from '../../src/core/extensions/gossip-pace.js';
import { SeededRandom } from '../../src/testing/index.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Times at which somebody is asked, from `start` until `end`. */
function asks(pace: GossipPace, start: number, end: number): { at: number; session: number }[] {
  const found: { at: number; session: number }[] = [];
  for (let now = start; now < end; now = Math.max(now + 1, pace.nextDeadline() ?? Infinity)) {
    const session = pace.takeDue(now);
    if (session !== undefined) found.push({ at: now, session });
  }
  return found;
}

function gaps(times: readonly { at: number }[]): number[] {
  return times.slice(1).map(({ at }, index) => at - (times[index]?.at ?? 0));
}

function withNeighbours(count: number): GossipPace {
  const pace = new GossipPace(new SeededRandom(1));
  for (let session = 1; session <= count; session++) pace.open(session, 0);
  return pace;
}

describe('how often a neighbour is asked for acquaintances', () => {
  it('is every 2 to 5 s in the first minute, and every 30 to 60 s afterwards', () => {
    const found = asks(withNeighbours(3), 0, 30 * MINUTE);
    const young = found.filter(({ at }) => at < MINUTE);
    expect(young.length).toBeGreaterThanOrEqual(12);
    expect(Math.min(...gaps(young))).toBeGreaterThanOrEqual(2 * SECOND);
    expect(Math.max(...gaps(young))).toBeLessThanOrEqual(5 * SECOND);
    const old = found.filter(({ at }) => at > MINUTE + 5 * SECOND);
    expect(Math.min(...gaps(old))).toBeGreaterThanOrEqual(30 * SECOND);
    expect(Math.max(...gaps(old))).toBeLessThanOrEqual(MINUTE);
  });

  it('is more again for a while after much was news', () => {
    const pace = withNeighbours(3);
    asks(pace, 0, 10 * MINUTE);
    pace.quicken(10 * MINUTE);
    const found = asks(pace, 10 * MINUTE, 12 * MINUTE);
    expect(found[0]?.at).toBeLessThanOrEqual(10 * MINUTE + 5 * SECOND);
    expect(found.filter(({ at }) => at < 10 * MINUTE + 20 * SECOND).length).toBeGreaterThanOrEqual(4);
    expect(found.filter(({ at }) => at > 10 * MINUTE + 25 * SECOND).length).toBeLessThanOrEqual(4);
  });

  it('falls on all neighbours alike, and on nobody who left', () => {
    const pace = withNeighbours(3);
    pace.close(2);
    const sessions = asks(pace, 0, MINUTE).map(({ session }) => session);
    expect(new Set(sessions)).toEqual(new Set([1, 3]));
    pace.close(1);
    pace.close(3);
    expect(asks(pace, MINUTE, 2 * MINUTE)).toEqual([]);
    expect(pace.nextDeadline()).toBeUndefined();
    pace.open(4, 2 * MINUTE);
    expect(pace.nextDeadline()).toBeGreaterThan(2 * MINUTE);
  });
});

describe('how often a neighbour may speak', () => {
  it('is never while it takes no part', () => {
    const pace = withNeighbours(1);
    expect([pace.knows(2), pace.admits(2, 0)]).toEqual([false, false]);
    pace.close(1);
    expect(pace.admits(1, 0)).toBe(false);
  });

  it('is as often as two of our kind ask and answer, also when a minute of it was held up, but not in a stream', () => {
    const steady = withNeighbours(1);
    for (let count = 0; count < 200; count++) expect(steady.admits(1, count * 500)).toBe(true);
    const burst = withNeighbours(1);
    expect(Array.from({ length: 80 }, () => burst.admits(1, 0)).filter(Boolean)).toHaveLength(70);
  });
});
