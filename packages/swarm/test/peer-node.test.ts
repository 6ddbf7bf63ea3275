import { encodeHandshake } from '@p2p/wire';
import { describe, expect, it } from 'vitest';

import { World, type Peer } from './fixtures/world.js';

/** A leecher whose storage has been given a piece, and takes a minute to verify it. */
function storing(world: World): Peer {
  const seeder = world.seeder('10.0.0.1');
  const leecher = world.leecher('10.0.0.2', { peers: [seeder.address], storage: { commitDelayMs: 60_000 } });
  world.run(5_000);
  return leecher;
}

describe('a node that stops', () => {
  it('waits for the storage of a swarm that was removed just before', () => {
    const world = new World();
    const { node, swarm, storage } = storing(world);
    const heard: string[] = [];
    node.removeSwarm(swarm, () => heard.push('removed'));
    node.stop(() => heard.push('stopped'));
    world.run(1_000);
    expect([heard, storage.have().count]).toEqual([[], 0]);
    world.run(60_000);
    expect(heard).toEqual(['removed', 'stopped']);
    expect(storage.have().count).toBeGreaterThan(0);
  });

  it('waits for that of its swarms, and for nothing without one, yet never calls back at once', () => {
    const world = new World();
    const heard: string[] = [];
    const { node } = storing(world);
    node.stop(() => heard.push('busy'));
    const idle = world.leecher('10.0.0.3');
    idle.node.removeSwarm(idle.swarm, () => heard.push('removed'));
    idle.node.stop(() => heard.push('idle'));
    expect(heard).toEqual([]);
    world.run(1_000);
    expect(heard).toEqual(['removed', 'idle']);
    world.run(60_000);
    expect(heard).toEqual(['removed', 'idle', 'busy']);
  });
});

describe('a swarm that was removed', () => {
  it('is not removed again, least of all in place of a newer one of the same torrent', () => {
    const world = new World();
    const { node, swarm } = world.leecher('10.0.0.1');
    node.removeSwarm(swarm, () => undefined);
    const { infoHash } = swarm;
    const newer = node.addSwarm({ infoHash }, () => undefined);
    expect(() => {
      node.removeSwarm(swarm, () => undefined);
    }).toThrow(/expected a swarm of this node/);
    expect(() => node.addSwarm({ infoHash }, () => undefined)).toThrow(/in this node already/);
    node.removeSwarm(newer, () => undefined);
  });
});

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
