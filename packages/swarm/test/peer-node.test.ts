import { encodeHandshake } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import { World } from './fixtures/world.js';

describe('whoever dials a node', () => {
  it('is let go ten seconds later if the handshake is not complete, though a byte comes now and then', () => {
    const world = new World();
    const node = world.leecher('10.0.0.1');
    const { infoHash } = world.metainfo;
    const peerId = new Uint8Array(20).fill(1);
    const opening = encodeHandshake({
      infoHash,
      peerId,
      supportsExtended: true,
      supportsFast: true,
      supportsDht: false,
    });
    let closedAt: number | undefined;
    world.network.host('10.0.0.2').dial(node.address, (outcome) => {
      if (outcome.kind === 'failed') throw new Error('expected a connection');
      const { connection } = outcome;
      const closed = (): void => void (closedAt = world.clock.now());
      connection.attach({ received: () => undefined, flushed: () => undefined, closed });
      for (let second = 1; second < 20; second++) {
        world.clock.schedule(second * 1_000, () => {
          if (closedAt === undefined) connection.send([opening.subarray(second - 1, second)]);
        });
      }
    });
    world.run(30_000);
    expect(closedAt).toBeGreaterThan(9_900);
    expect(closedAt).toBeLessThan(10_100);
  });
});
