import { describe, expect, it } from 'vitest';

import { hostScope, isDialable, needsConfirmation, networkOf } from '../../src/core/addresses/address-rules.js';

const PUBLIC_PEER = { host: '198.51.100.7', port: 6881 };
const PRIVATE_PEER = { host: '192.168.1.7', port: 6881 };
const LOCAL_PEER = { host: '127.0.0.1', port: 6881 };

function at(host: string, port = 7000) {
  return { host, port };
}

describe('the scope of a host', () => {
  it.each([
    ['8.8.8.8', 'public'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['10.1.2.3', 'private'],
    ['172.15.0.1', 'public'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['172.32.0.1', 'public'],
    ['192.168.0.1', 'private'],
    ['192.169.0.1', 'public'],
    ['169.254.9.9', 'private'],
    ['100.63.0.1', 'public'],
    ['100.64.0.1', 'private'],
    ['100.127.0.1', 'private'],
    ['100.128.0.1', 'public'],
    ['0.0.0.0', 'nowhere'],
    ['0.1.2.3', 'nowhere'],
    ['224.0.0.1', 'nowhere'],
    ['239.255.255.255', 'nowhere'],
    ['240.0.0.1', 'nowhere'],
    ['255.255.255.255', 'nowhere'],
    ['::', 'nowhere'],
    ['::1', 'loopback'],
    ['ff02::1', 'nowhere'],
    ['fe80::1', 'nowhere'],
    ['febf::1', 'nowhere'],
    ['fc00::1', 'private'],
    ['fdff::1', 'private'],
    ['2001:db8::1', 'public'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:10.0.0.1', 'private'],
    ['example.org', 'name'],
  ])('of %s is %s', (host, scope) => {
    expect(hostScope(host)).toBe(scope);
  });
});

describe('an address', () => {
  it('may be anything that a person names, but not nowhere', () => {
    expect(isDialable(at('example.org'))).toBe(true);
    expect(isDialable(at('127.0.0.1'))).toBe(true);
    expect(isDialable(at('10.0.0.1', 80))).toBe(true);
    expect(isDialable(at('224.0.0.1'))).toBe(false);
    expect(isDialable(at('255.255.255.255'))).toBe(false);
    expect(isDialable(at('0.0.0.0'))).toBe(false);
  });

  it('must have a port that can be', () => {
    for (const port of [0, -1, 65_536, 1.5, NaN]) expect(isDialable(at('8.8.8.8', port))).toBe(false);
    for (const port of [1, 65_535]) expect(isDialable(at('8.8.8.8', port))).toBe(true);
  });

  it('of this machine is believed only from this machine', () => {
    expect(isDialable(at('127.0.0.1'), { from: LOCAL_PEER })).toBe(true);
    expect(isDialable(at('::1'), { from: LOCAL_PEER })).toBe(true);
    expect(isDialable(at('127.0.0.1'), { from: PRIVATE_PEER })).toBe(false);
    expect(isDialable(at('127.0.0.1'), { from: PUBLIC_PEER })).toBe(false);
  });

  it('of a private network is believed only from within one', () => {
    expect(isDialable(at('10.0.0.1'), { from: LOCAL_PEER })).toBe(true);
    expect(isDialable(at('10.0.0.1'), { from: PRIVATE_PEER })).toBe(true);
    expect(isDialable(at('10.0.0.1'), { from: PUBLIC_PEER })).toBe(false);
  });

  it('out in the world is believed from anywhere, a name from nobody', () => {
    for (const from of [LOCAL_PEER, PRIVATE_PEER, PUBLIC_PEER]) {
      expect(isDialable(at('8.8.8.8'), { from })).toBe(true);
      expect(isDialable(at('example.org'), { from })).toBe(false);
      expect(isDialable(at('239.1.2.3'), { from })).toBe(false);
    }
  });

  it('of our own is never dialled, however it is written', () => {
    const own = [at('::ffff:8.8.8.8', 6881)];
    expect(isDialable(at('8.8.8.8', 6881), { own })).toBe(false);
    expect(isDialable(at('8.8.8.8', 6882), { own })).toBe(true);
  });

  it('with a port below 1024 needs a second source', () => {
    expect([needsConfirmation(at('8.8.8.8', 1023)), needsConfirmation(at('8.8.8.8', 1024))]).toEqual([true, false]);
  });
});

describe('the network of a host', () => {
  it('is its /24, or its /48', () => {
    expect(networkOf('8.8.8.8')).toBe(networkOf('8.8.8.250'));
    expect(networkOf('8.8.8.8')).not.toBe(networkOf('8.8.9.8'));
    expect(networkOf('2001:db8:1::1')).toBe(networkOf('2001:db8:1:ffff::2'));
    expect(networkOf('2001:db8:1::1')).not.toBe(networkOf('2001:db8:2::1'));
  });
});
