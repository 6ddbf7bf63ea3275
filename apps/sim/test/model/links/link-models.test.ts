// What both models of links with time must keep to, each run by both: rates, latency, order, window.
import { VirtualClock } from '@p2p/swarm/testing';
import { describe, expect, it } from 'vitest';

import { ChunkLinks } from '../../../src/model/links/chunk-links.js';
import { FluidLinks } from '../../../src/model/links/fluid-links.js';
import type { AccessLink, Cargo, LinkModel } from '../../../src/model/links/link-model.js';

const MODELS: readonly (readonly [string, (clock: VirtualClock) => LinkModel])[] = [
  ['chunk', (clock) => new ChunkLinks(clock)],
  ['fluid', (clock) => new FluidLinks(clock)],
];
const BLOCK = 16_397;

/** 1 MB/s up, 2 MB/s down, 10 ms to the core, windows that do not matter. */
const ACCESS: AccessLink = {
  upBytesPerSecond: 1_000_000,
  downBytesPerSecond: 2_000_000,
  latencyMicros: 10_000,
  loss: 0,
  windowBytes: 2 ** 30,
};

describe.each(MODELS)('the %s model of links', (_, make) => {
  function world() {
    const clock = new VirtualClock();
    const links = make(clock);
    const arrivals: { name: string; atMs: number }[] = [];
    const cargo = (name: string, bytes: number): Cargo => ({
      bytes,
      isSealed: false,
      next: undefined,
      departed: () => undefined,
      arrived: () => arrivals.push({ name, atMs: clock.now() }),
    });
    return { clock, links, arrivals, cargo };
  }

  it('carries at the rate of the uplink, after the latency of both ends', () => {
    const { clock, links, arrivals, cargo } = world();
    const fast = { ...ACCESS, downBytesPerSecond: Infinity };
    const flow = links.openFlow(links.addHost(fast), links.addHost(fast));
    for (let count = 0; count < 61; count++) flow.send(cargo('block', BLOCK));
    clock.runUntil(5_000);
    expect(arrivals).toHaveLength(61);
    // The ramp of slow start costs a round trip or two at the beginning.
    const last = arrivals.at(-1)?.atMs ?? 0;
    expect(last).toBeGreaterThanOrEqual((61 * BLOCK) / 1_000 + 20);
    expect(last).toBeLessThanOrEqual((61 * BLOCK) / 1_000 + 100);
  });

  it('keeps the order of a connection, small after large', () => {
    const { clock, links, arrivals, cargo } = world();
    const flow = links.openFlow(links.addHost(ACCESS), links.addHost(ACCESS));
    for (const [name, bytes] of [['a', BLOCK], ['b', 9], ['c', BLOCK], ['d', 17], ['e', 9]] as const) flow.send(cargo(name, bytes)); // prettier-ignore
    clock.runUntil(5_000);
    expect(arrivals.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('shares an uplink alike among connections', () => {
    const { clock, links, arrivals, cargo } = world();
    const from = links.addHost(ACCESS);
    for (const name of ['x', 'y', 'z']) {
      const flow = links.openFlow(from, links.addHost(ACCESS));
      for (let count = 0; count < 40; count++) flow.send(cargo(name, BLOCK));
    }
    clock.runUntil(1_000);
    const counts = ['x', 'y', 'z'].map((name) => arrivals.filter((arrival) => arrival.name === name).length);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    expect(counts.reduce((total, count) => total + count, 0)).toBeGreaterThanOrEqual(50);
  });

  it('is held by the downlink where that is slower', () => {
    const { clock, links, arrivals, cargo } = world();
    const slow = links.addHost({ ...ACCESS, downBytesPerSecond: 100_000 });
    for (const name of ['x', 'y']) {
      const flow = links.openFlow(links.addHost(ACCESS), slow);
      for (let count = 0; count < 10; count++) flow.send(cargo(name, BLOCK));
    }
    clock.runUntil(60_000);
    const last = arrivals.at(-1)?.atMs ?? 0;
    expect(last).toBeGreaterThanOrEqual((20 * BLOCK) / 100);
    expect(last).toBeLessThanOrEqual((20 * BLOCK) / 100 + 200);
  });

  it('holds a connection to its window in a round trip', () => {
    const { clock, links, arrivals, cargo } = world();
    const narrow = { ...ACCESS, downBytesPerSecond: Infinity, windowBytes: 2 * BLOCK };
    const flow = links.openFlow(links.addHost(narrow), links.addHost(narrow));
    for (let count = 0; count < 60; count++) flow.send(cargo('block', BLOCK));
    clock.runUntil(60_000);
    // Two blocks in 40 ms.
    const last = arrivals.at(-1)?.atMs ?? 0;
    expect(last).toBeGreaterThanOrEqual(29 * 40);
    expect(last).toBeLessThanOrEqual(1.35 * 30 * 40);
  });

  it('holds a lossy connection to what TCP makes of it', () => {
    const { clock, links, arrivals, cargo } = world();
    const lossy = { ...ACCESS, downBytesPerSecond: Infinity, upBytesPerSecond: 1e8, loss: 0.005 };
    const flow = links.openFlow(links.addHost(lossy), links.addHost(lossy));
    for (let count = 0; count < 200; count++) flow.send(cargo('block', BLOCK));
    clock.runUntil(60_000);
    // 1.22 x 1460 / (0.04 s x sqrt(0.01)) = 445 kB/s.
    const expectedMs = (200 * BLOCK) / 445.3;
    const last = arrivals.at(-1)?.atMs ?? 0;
    expect(last).toBeGreaterThanOrEqual(0.8 * expectedMs);
    expect(last).toBeLessThanOrEqual(1.5 * expectedMs);
  });

  it('lets nothing depart that was given up', () => {
    const { clock, links, arrivals, cargo } = world();
    const flow = links.openFlow(links.addHost(ACCESS), links.addHost(ACCESS));
    for (let count = 0; count < 10; count++) flow.send(cargo('block', BLOCK));
    clock.runUntil(30);
    flow.close();
    clock.runUntil(5_000);
    expect(arrivals.length).toBeLessThanOrEqual(2);
  });
});

describe('the fluid model of links', () => {
  it('goes on when what is left of a cargo is a hair more than what counts as nothing', () => {
    const clock = new VirtualClock();
    clock.runUntil(100_000);
    const links = new FluidLinks(clock);
    let arrivedCount = 0;
    for (let hair = 1; hair <= 64; hair++) {
      // After ten thousand microseconds a hundredth is left, and so little more that it is lost in a sum with the time.
      const up = (BLOCK * 1e6) / (10_000.01 + hair * 1e-10);
      const flow = links.openFlow(links.addHost({ ...ACCESS, upBytesPerSecond: up }), links.addHost(ACCESS));
      flow.send({
        bytes: BLOCK,
        isSealed: false,
        next: undefined,
        departed: () => undefined,
        arrived: () => arrivedCount++,
      });
    }
    let stepCount = 0;
    while (stepCount < 10_000 && clock.step()) stepCount += 1;
    expect(arrivedCount).toBe(64);
    expect(stepCount).toBeLessThan(10_000);
  });
});
