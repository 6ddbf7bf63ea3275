import { describe, expect, it } from 'vitest';

import type { Connection, DialOutcome, Transport } from '../../src/ports.js';
import { MemoryNetwork, SeededRandom, VirtualClock } from '../../src/testing/index.js';
import { describeTransport, Listener } from './transport.contract.js';

const HERE = '10.0.0.1';
const THERE = '10.0.0.2';

function harness(network: (clock: VirtualClock) => MemoryNetwork) {
  return () => {
    const clock = new VirtualClock();
    const world = network(clock);
    return {
      here: world.host(HERE, { upBytesPerSecond: 10_000_000 }),
      there: world.host(THERE),
      hereHost: HERE,
      thereHost: THERE,
      until: (condition: () => boolean) => {
        if (!clock.runUntilTrue(condition, clock.now() + 60_000)) throw new Error('it did not happen in a minute');
        return Promise.resolve();
      },
      settle: () => {
        clock.runFor(60_000);
        return Promise.resolve();
      },
    };
  };
}

describeTransport(
  'the memory network',
  harness((clock) => new MemoryNetwork(clock)),
);
describeTransport(
  'the memory network with chunks of any size',
  harness((clock) => new MemoryNetwork(clock, { chunkBytes: 5_000, chunkRandom: new SeededRandom(1) })),
);

/** Two hosts joined at time 0; what happens is noted with its time. */
function joined(clock: VirtualClock, hosts: { here: Transport; there: Transport }, port = 6881) {
  const accepted: Connection[] = [];
  const dialed: DialOutcome[] = [];
  const address = { host: THERE, port };
  hosts.there.listen(
    address,
    (connection) => accepted.push(connection),
    () => undefined,
  );
  hosts.here.dial(address, (outcome) => dialed.push(outcome));
  clock.runFor(1_000);
  const [theirs, outcome] = [accepted[0], dialed[0]];
  if (theirs === undefined || outcome?.kind !== 'connected') throw new Error('expected a connection');
  const [here, there] = [new Listener(), new Listener()];
  outcome.connection.attach(here);
  theirs.attach(there);
  return { ours: outcome.connection, theirs, here, there };
}

function twoHosts(options: { latencyMs?: number; upBytesPerSecond?: number; downBytesPerSecond?: number } = {}) {
  const clock = new VirtualClock();
  const { latencyMs = 10, upBytesPerSecond = Infinity, downBytesPerSecond = Infinity } = options;
  const network = new MemoryNetwork(clock, { latencyMs });
  const here = network.host(HERE, { upBytesPerSecond });
  const there = network.host(THERE, { downBytesPerSecond });
  return { clock, network, here, there };
}

describe('the memory network', () => {
  it('takes one round trip to connect, and half of one to deliver', () => {
    const { clock, here, there } = twoHosts({ latencyMs: 25 });
    const times: number[] = [];
    there.listen(
      { host: THERE, port: 1 },
      (connection) => {
        connection.attach({ received: () => times.push(clock.now()), flushed: () => 0, closed: () => 0 });
      },
      () => undefined,
    );
    here.dial({ host: THERE, port: 1 }, (outcome) => {
      times.push(clock.now());
      if (outcome.kind === 'connected') outcome.connection.send([Uint8Array.of(1)]);
    });
    clock.runFor(1_000);
    expect(times).toEqual([50, 75]);
  });

  it('carries no more than the uplink of the one and the downlink of the other admit', () => {
    const slowUp = twoHosts({ upBytesPerSecond: 100_000 });
    const slowDown = twoHosts({ downBytesPerSecond: 100_000 });
    for (const { clock, here, there } of [slowUp, slowDown]) {
      const link = joined(clock, { here, there });
      const start = clock.now();
      link.ours.send([new Uint8Array(1_000_000)]);
      clock.runUntil(start + 10_000);
      expect(link.there.byteCount).toBeLessThan(1_000_000);
      clock.runUntil(start + 10_011);
      expect(link.there.byteCount).toBe(1_000_000);
    }
  });

  it('lets connections take turns on one link', () => {
    const { clock, here, there } = twoHosts({ upBytesPerSecond: 100_000 });
    const big = joined(clock, { here, there });
    const small = joined(clock, { here, there }, 6882);
    big.ours.send([new Uint8Array(10_000_000)]);
    small.ours.send([new Uint8Array(65_536)]);
    clock.runFor(1_400);
    expect(small.there.byteCount).toBe(65_536);
    expect(big.there.byteCount).toBeLessThan(200_000);
  });

  it('stops reporting bytes as flushed where the uplink is the bottleneck', () => {
    const { clock, here, there } = twoHosts({ upBytesPerSecond: 65_536 });
    const link = joined(clock, { here, there });
    link.ours.send([new Uint8Array(10 * 65_536)]);
    clock.runFor(3_500);
    expect(link.here.flushedBytes).toBe(3 * 65_536);
  });

  it('holds back what crosses a partition, and delivers it in order when it heals', () => {
    const { clock, network, here, there } = twoHosts();
    const link = joined(clock, { here, there });
    network.partition((host) => host === HERE);
    link.ours.send([Uint8Array.of(1)]);
    clock.runFor(5_000);
    link.ours.send([Uint8Array.of(2)]);
    clock.runFor(5_000);
    expect(link.there.byteCount).toBe(0);
    network.heal();
    clock.runFor(10);
    expect([...link.there.bytes]).toEqual([1, 2]);
    expect(link.there.reasons).toEqual([]);
  });

  it('lets dials run into silence across a partition', () => {
    const { clock, network, here } = twoHosts();
    const outcomes: DialOutcome[] = [];
    network.partition((host) => host === HERE);
    here.dial({ host: THERE, port: 1 }, (outcome) => outcomes.push(outcome));
    clock.runUntil(14_999);
    expect(outcomes).toEqual([]);
    clock.runUntil(15_000);
    expect(outcomes).toMatchObject([{ kind: 'failed', code: 'ETIMEDOUT' }]);
  });

  it('cuts one direction alone', () => {
    const { clock, network, here, there } = twoHosts();
    const link = joined(clock, { here, there });
    network.cut((from) => from === HERE);
    link.ours.send([Uint8Array.of(1)]);
    link.theirs.send([Uint8Array.of(2)]);
    clock.runFor(1_000);
    expect([link.there.byteCount, link.here.byteCount]).toEqual([0, 1]);
  });

  it('delivers nothing more to who closes while it receives', () => {
    const { clock, here, there } = twoHosts();
    const accepted: Connection[] = [];
    const dialed: DialOutcome[] = [];
    there.listen(
      { host: THERE, port: 1 },
      (connection) => accepted.push(connection),
      () => undefined,
    );
    here.dial({ host: THERE, port: 1 }, (outcome) => dialed.push(outcome));
    clock.runFor(100);
    const [outcome] = dialed;
    if (outcome?.kind !== 'connected') throw new Error('expected a connection');
    for (const byte of [1, 2, 3]) {
      outcome.connection.send([Uint8Array.of(byte)]);
      clock.runFor(100);
    }
    const received: number[] = [];
    accepted[0]?.attach({
      received: (chunk) => {
        received.push(...chunk);
        accepted[0]?.close();
      },
      flushed: () => undefined,
      closed: () => received.push(-1),
    });
    clock.runFor(100);
    expect(received).toEqual([1]);
  });

  it('breaks connections, and tells both ends', () => {
    const { clock, network, here, there } = twoHosts();
    const link = joined(clock, { here, there });
    network.breakConnections(HERE, THERE);
    clock.runFor(100);
    expect([link.here.reasons, link.there.reasons]).toEqual([['connection reset'], ['connection reset']]);
  });

  it('resets the connections of a host that crashed, of which the host itself hears nothing', () => {
    const { clock, network, here, there } = twoHosts();
    const link = joined(clock, { here, there });
    network.crash(THERE);
    clock.runFor(100);
    expect([link.here.reasons, link.there.reasons]).toEqual([['connection reset'], []]);
    const outcomes: DialOutcome[] = [];
    here.dial({ host: THERE, port: 6881 }, (outcome) => outcomes.push(outcome));
    clock.runFor(100);
    expect(outcomes).toMatchObject([{ code: 'ECONNREFUSED' }]);
  });

  it('gives a crashed host its place back when it returns', () => {
    const { clock, network, here, there } = twoHosts();
    joined(clock, { here, there });
    network.crash(THERE);
    const link = joined(clock, { here, there: network.host(THERE) });
    link.ours.send([Uint8Array.of(1)]);
    clock.runFor(100);
    expect(link.there.byteCount).toBe(1);
  });

  it('happens the same way twice', () => {
    const run = () => {
      const clock = new VirtualClock();
      const network = new MemoryNetwork(clock, { latencyMs: 3, chunkBytes: 900, chunkRandom: new SeededRandom(5) });
      const link = joined(clock, { here: network.host(HERE), there: network.host(THERE) });
      link.ours.send([new Uint8Array(20_000)]);
      clock.runFor(1_000);
      return link.there.chunks.map((chunk) => chunk.length);
    };
    expect(run()).toEqual(run());
    expect(run().length).toBeGreaterThan(22);
  });
});
