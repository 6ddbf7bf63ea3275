import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  formatMagnet,
  type Magnet,
  MAX_MAGNET_LENGTH,
  MAX_MAGNET_PEERS,
  parseMagnet,
  WireError,
} from '../src/index.js';

const infoHash = fc.uint8Array({ minLength: 20, maxLength: 20 });
const peer = fc.record({
  host: fc.oneof(
    fc.ipV4(),
    fc.domain().map((name) => name.toLowerCase()),
    fc.constant('2001:db8::1'),
  ),
  port: fc.integer({ min: 1, max: 65_535 }),
});

describe('a magnet link', () => {
  it('gives back what it was made from', () => {
    const magnet = fc.record({
      infoHash,
      name: fc.option(fc.string({ unit: 'grapheme' }), { nil: undefined }),
      length: fc.option(fc.nat({ max: Number.MAX_SAFE_INTEGER }), { nil: undefined }),
      peers: fc.array(peer, { maxLength: 5 }),
    });
    fc.assert(
      fc.property(magnet, (value) => {
        expect(parseMagnet(formatMagnet(value))).toEqual(value);
      }),
    );
  });

  it('can be made of any name, half characters too', () => {
    const bytes = new Uint8Array(20);
    expect(parseMagnet(formatMagnet({ infoHash: bytes, name: 'a\ud800b', peers: [] })).name).toBe('a\ufffdb');
  });

  it('never holds a quote, for it is pasted between quotes into a shell', () => {
    const uri = formatMagnet({ infoHash: new Uint8Array(20), name: `it's "b" \`c\``, peers: [] });
    expect(uri).not.toMatch(/['"`]/);
    expect(parseMagnet(uri).name).toBe(`it's "b" \`c\``);
  });

  it('needs a whole info-hash', () => {
    expect(() => formatMagnet({ infoHash: new Uint8Array(32), peers: [] })).toThrow(RangeError);
  });

  it.each<[string, Partial<Magnet>]>([
    ['length: expected a safe integer from 0, got NaN', { length: Number.NaN }],
    ['length: expected a safe integer from 0, got -1', { length: -1 }],
    ['length: expected a safe integer from 0, got 1.5', { length: 1.5 }],
    ['length: expected a safe integer from 0, got 9007199254740992', { length: 2 ** 53 }],
    ['got "a&dn=evil" and port 1', { peers: [{ host: 'a&dn=evil', port: 1 }] }],
    ['got "fe80::1%eth0" and port 1', { peers: [{ host: 'fe80::1%eth0', port: 1 }] }],
    ['got "" and port 1', { peers: [{ host: '', port: 1 }] }],
    ['got "a" and port 0', { peers: [{ host: 'a', port: 0 }] }],
    ['got "a" and port 1.5', { peers: [{ host: 'a', port: 1.5 }] }],
    ['got "a" and port 65536', { peers: [{ host: 'a', port: 65_536 }] }],
    [
      'peers: expected at most 200, got 201',
      { peers: Array.from({ length: MAX_MAGNET_PEERS + 1 }, () => ({ host: 'a', port: 1 })) },
    ],
  ])('is not made of what could not be read back: %s', (message, part) => {
    const format = (): string => formatMagnet({ infoHash: new Uint8Array(20), peers: [], ...part });
    expect(format).toThrow(RangeError);
    expect(format).toThrow(message);
  });

  it('names the part that is wrong', () => {
    const xt = `magnet:?xt=urn:btih:${'a'.repeat(40)}`;
    expect(() => parseMagnet(`${xt}&x.pe=nowhere`)).toThrow('expected HOST:PORT or [IPV6]:PORT');
    expect(() => parseMagnet(`magnet:?xt=urn:btmh:1220${'b'.repeat(64)}`)).toThrow('found a v2 hash only (BEP 52)');
    expect(() => parseMagnet('\u001b]0;x')).toThrow('expected "magnet:?...", found "?]0;x"');
  });

  it.each(['dn=100%', 'dn=caf%E9', 'xl=', 'xl=big', 'xl=9007199254740993'])(
    'leads to the content despite %s',
    (hint) => {
      const link = parseMagnet(`magnet:?xt=urn:btih:${'a'.repeat(40)}&${hint}&x.pe=192.0.2.1:6881`);
      expect(link).toEqual({
        infoHash: new Uint8Array(20).fill(0xaa),
        name: undefined,
        length: undefined,
        peers: [{ host: '192.0.2.1', port: 6881 }],
      });
    },
  );

  it('is not read beyond its bound', () => {
    const xt = `magnet:?xt=urn:btih:${'a'.repeat(40)}&tr=`;
    expect(parseMagnet(xt + 'x'.repeat(MAX_MAGNET_LENGTH - xt.length)).peers).toEqual([]);
    expect(() => parseMagnet(xt + 'x'.repeat(MAX_MAGNET_LENGTH - xt.length + 1))).toThrow(WireError);
  });
});
