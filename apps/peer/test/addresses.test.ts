import { isIP } from 'node:net';

import { beforeEach, describe, expect, it } from 'vitest';

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
  let logged: string[];
  const log = (level: string, message: string) => {
    logged.push(`${level}: ${message}`);
  };

  beforeEach(() => {
    logged = [];
  });

  it('leaves literals as they are', async () => {
    const literals = [
      { host: '::1', port: 1 },
      { host: '10.0.0.1', port: 2 },
    ];
    expect(await resolveHosts(literals, log, true)).toEqual(literals);
  });

  it('finds what a name stands for', async () => {
    const found = await resolveHosts([{ host: 'localhost', port: 7 }], log, true);
    expect(found.length).toBeGreaterThan(0);
    for (const { host, port } of found) {
      expect(['127.0.0.1', '::1']).toContain(host);
      expect(port).toBe(7);
    }
  });

  it('fails where an address is needed and nobody knows any of the names', async () => {
    const names = ['one.invalid', 'two.invalid'].map((host) => ({ host, port: 7 }));
    await expect(resolveHosts(names, log, true)).rejects.toMatchObject({
      code: 'not-found',
      message:
        'the name one.invalid stands for no address; check its spelling, or give the address\n' +
        'the name two.invalid stands for no address; check its spelling, or give the address',
    });
    expect(logged).toEqual([]);
  });

  it('warns of a name that nobody knows, and goes on with the others', async () => {
    const literal = { host: '10.0.0.1', port: 2 };
    expect(await resolveHosts([{ host: 'one.invalid', port: 7 }, literal], log, true)).toEqual([literal]);
    expect(logged).toEqual([
      'warn: the name one.invalid stands for no address; check its spelling, or give the address',
    ]);
  });

  it('only warns where no address is needed', async () => {
    expect(await resolveHosts([{ host: 'one.invalid', port: 7 }], log, false)).toEqual([]);
    expect(logged).toHaveLength(1);
  });

  it('finds nothing wrong where none was given', async () => {
    expect(await resolveHosts([], log, true)).toEqual([]);
  });
});
