import { describe, expect, it } from 'vitest';

import { MAX_NODES, planAddresses } from '../../src/run/address-plan.js';

describe('planAddresses', () => {
  it('gives each node of the largest run on Linux a loopback address of its own', () => {
    const hosts = planAddresses(MAX_NODES, 'linux').map(({ host }) => host);
    expect(new Set(hosts).size).toBe(MAX_NODES);
    for (const host of hosts) {
      const octets = host.split('.').map(Number);
      expect(octets).toHaveLength(4);
      expect(octets[0]).toBe(127);
      for (const octet of octets) expect(octet >= 0 && octet <= 255).toBe(true);
      expect(octets[3]).toBeGreaterThan(0);
      expect(octets[3]).toBeLessThan(255);
    }
  });

  it('leaves the addresses that others use alone', () => {
    const hosts = planAddresses(MAX_NODES, 'linux').map(({ host }) => host);
    expect(hosts.filter((host) => host.startsWith('127.0.'))).toEqual([]);
  });

  it('puts neighbours in different /16 networks', () => {
    const networks = planAddresses(100, 'linux').map(({ host }) => host.split('.', 2).join('.'));
    expect(new Set(networks).size).toBe(100);
  });

  it('tells nodes apart by port where there is only one loopback address', () => {
    expect(planAddresses(3, 'darwin')).toEqual(Array(3).fill({ host: '127.0.0.1', port: 0 }));
  });

  it.each([0, -1, 1.5, MAX_NODES + 1, Number.NaN])('refuses %s nodes', (count) => {
    expect(() => planAddresses(count, 'linux')).toThrow(RangeError);
  });
});
