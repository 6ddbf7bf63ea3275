/**
 * Goal: seeds do not call on each other, one by one, when a crowd has finished. Method: a seed that is told of sixty others, in
 * virtual time; counted are the seeds that hear from it.
 */
import { expect, it } from 'vitest';

import { World } from '../fixtures/world.js';

it('a seed that has met another dials one address a second', () => {
  const world = new World({ pieces: 1, network: { latencyMs: 5 } });
  const others = Array.from({ length: 60 }, (_, index) => world.seeder(`10.0.0.${String(index + 2)}`));
  world.seeder('10.0.0.1', { peers: others.map(({ address }) => address), options: { maxDialing: 4 } });
  world.clock.runFor(10_000);
  const called = others.filter(({ events }) => events.some(({ kind }) => kind === 'peerConnected'));
  expect(called.length).toBeGreaterThan(10);
  expect(called.length).toBeLessThanOrEqual(4 + 11);
});
