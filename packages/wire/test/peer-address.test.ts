import { isIP } from 'node:net';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  decodeCompactPeers4,
  decodeCompactPeers6,
  encodeCompactPeers,
  formatPeerAddress,
  hostBytes,
  hostFromBytes,
  parsePeerAddress,
  samePeerAddress,
  WireError,
} from '../src/index.js';

const ipv6 = fc.ipV6().filter((host) => !isMapped(host));
const port = fc.integer({ min: 1, max: 65_535 });

describe('hostBytes and hostFromBytes', () => {
  it('agree with the URL parser about every IPv6 literal', () => {
    fc.assert(
      fc.property(ipv6, (host) => {
        const bytes = hostBytes(host);
        expect(bytes).toHaveLength(16);
        expect(`[${hostFromBytes(bytes ?? new Uint8Array(0))}]`).toBe(new URL(`http://[${host}]/`).hostname);
      }),
      { numRuns: 3000 },
    );
  });

  it('know the same literals as Node', () => {
    const almost = fc.string({ unit: fc.constantFrom(...Array.from('0123456789abcdefg:.:.0f')), maxLength: 24 });
    fc.assert(
      fc.property(fc.oneof(almost, fc.ipV4(), fc.ipV6(), fc.ipV4Extended()), (text) => {
        expect(hostBytes(text) !== undefined, text).toBe(isIP(text) !== 0);
      }),
      { numRuns: 20_000 },
    );
  });

  it('take any 4 or 16 bytes there and back', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ minLength: 4, maxLength: 4 }),
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      fc.array(fc.constantFrom(0, 0, 0, 1, 255), { minLength: 16, maxLength: 16 }).map((list) => Uint8Array.from(list)),
    );
    fc.assert(
      fc.property(bytes, (address) => {
        expect(hostBytes(hostFromBytes(address))).toEqual(unmapped(address));
      }),
      { numRuns: 3000 },
    );
  });

  it('see an IPv4-mapped address as IPv4', () => {
    expect(hostBytes('::ffff:192.0.2.1')).toEqual(Uint8Array.of(192, 0, 2, 1));
    expect(hostBytes('::FFFF:c000:201')).toEqual(Uint8Array.of(192, 0, 2, 1));
    expect(hostFromBytes(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 192, 0, 2, 1))).toBe('192.0.2.1');
  });

  it('know no bytes for names, zones and long texts', () => {
    for (const host of ['localhost', 'fe80::1%eth0', '', ':', 'x'.repeat(1e6), '1:'.repeat(1e5)]) {
      expect(hostBytes(host)).toBeUndefined();
    }
    expect(() => hostFromBytes(new Uint8Array(5))).toThrow(/4 or 16 bytes of address, got 5/);
  });
});

describe('parsePeerAddress', () => {
  it('gives back what was formatted', () => {
    const host = fc.oneof(ipv6, fc.ipV4(), fc.domain()).map((text) => hostOf(text));
    fc.assert(
      fc.property(host, port, (name, number) => {
        const address = { host: name, port: number };
        expect(parsePeerAddress(formatPeerAddress(address))).toEqual(address);
      }),
    );
  });

  it('shows what it found without its controls', () => {
    expect(() => parsePeerAddress('\u001b[31m')).toThrow('found "?[31m"');
  });
});

describe('samePeerAddress', () => {
  it('sees through spelling', () => {
    const a = { host: '::ffff:127.0.0.1', port: 1 };
    expect(samePeerAddress(a, { host: '127.0.0.1', port: 1 })).toBe(true);
    expect(samePeerAddress(a, { host: '127.0.0.1', port: 2 })).toBe(false);
    expect(samePeerAddress({ host: '0:0::1', port: 1 }, { host: '::1', port: 1 })).toBe(true);
    expect(samePeerAddress({ host: 'A.example', port: 1 }, { host: 'a.example', port: 1 })).toBe(true);
    expect(samePeerAddress({ host: '!', port: 1 }, { host: '?', port: 1 })).toBe(false);
  });
});

describe('compact lists', () => {
  it('keep order and split families, and leave out names', () => {
    const list = [
      { host: 'localhost', port: 1 },
      { host: '10.0.0.1', port: 2 },
      { host: '::1', port: 3 },
      { host: '::ffff:10.0.0.2', port: 65_535 },
    ];
    const { ipv4, ipv6: v6 } = encodeCompactPeers(list);
    expect(decodeCompactPeers4(ipv4)).toEqual([list[1], { host: '10.0.0.2', port: 65_535 }]);
    expect(decodeCompactPeers6(v6)).toEqual([list[2]]);
  });

  it('refuse every length that is no multiple', () => {
    for (let length = 0; length < 40; length++) {
      const bytes = new Uint8Array(length);
      if (length % 6 !== 0) expect(() => decodeCompactPeers4(bytes)).toThrow(WireError);
      else expect(decodeCompactPeers4(bytes)).toHaveLength(length / 6);
      if (length % 18 !== 0) expect(() => decodeCompactPeers6(bytes)).toThrow(WireError);
    }
  });

  it('refuse a port that is none', () => {
    expect(() => encodeCompactPeers([{ host: '10.0.0.1', port: 65_536 }])).toThrow(/port: expected/);
  });
});

function isMapped(host: string): boolean {
  return hostBytes(host)?.length === 4;
}

function unmapped(bytes: Uint8Array): Uint8Array {
  const isIpv4 = bytes.length === 16 && bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255;
  return isIpv4 && bytes[11] === 255 ? bytes.slice(12) : bytes;
}

function hostOf(text: string): string {
  const bytes = hostBytes(text);
  return bytes === undefined ? text.toLowerCase() : hostFromBytes(bytes);
}
