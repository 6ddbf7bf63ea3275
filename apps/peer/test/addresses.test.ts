import { isIP } from 'node:net';

import { describe, expect, it } from 'vitest';

import { advertisedAddress, resolveHosts } from '../src/addresses.js';

describe('advertisedAddress', () => {
  it('is the address itself where a node listens at one', () => {
    expect(advertisedAddress({ host: '127.0.0.5', port: 7 })).toEqual({ host: '127.0.0.5', port: 7 });
  });

  it.each(['::', '0.0.0.0'])('is one that can be dialled where a node listens at %s', (host) => {
    const advertised = advertisedAddress({ host, port: 7 });
    expect(advertised.port).toBe(7);
    expect(isIP(advertised.host)).not.toBe(0);
    expect(['::', '0.0.0.0']).not.toContain(advertised.host);
  });
});

describe('resolveHosts', () => {
  it('leaves literals as they are', async () => {
    const literals = [
      { host: '::1', port: 1 },
      { host: '10.0.0.1', port: 2 },
    ];
    expect(await resolveHosts(literals)).toEqual(literals);
  });

  it('finds what a name stands for', async () => {
    const found = await resolveHosts([{ host: 'localhost', port: 7 }]);
    expect(found.length).toBeGreaterThan(0);
    for (const { host, port } of found) {
      expect(['127.0.0.1', '::1']).toContain(host);
      expect(port).toBe(7);
    }
  });

  it('names a name that nobody knows', async () => {
    await expect(resolveHosts([{ host: 'no-such-host.invalid', port: 7 }])).rejects.toMatchObject({
      code: 'not-found',
      message: 'the name no-such-host.invalid stands for no address; check its spelling, or give the address',
    });
  });
});
