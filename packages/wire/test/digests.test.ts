import { createHash } from 'node:crypto';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { crc32c, fromHex, sha1, toHex, WireError } from '../src/index.js';

describe('sha1', () => {
  it('is what Node computes, for every length around the edges of blocks', () => {
    for (let length = 0; length <= 260; length++) {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 7 + length) & 0xff);
      expect(toHex(sha1(bytes))).toBe(createHash('sha1').update(bytes).digest('hex'));
    }
  });

  it('is what Node computes for a view into a larger buffer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), fc.nat({ max: 100 }), (bytes, offset) => {
        const view = bytes.subarray(Math.min(offset, bytes.length));
        expect(toHex(sha1(view))).toBe(createHash('sha1').update(view).digest('hex'));
      }),
    );
  });
});

describe('crc32c', () => {
  it('goes on from a previous part', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (head, tail) => {
        expect(crc32c(tail, crc32c(head))).toBe(crc32c(Uint8Array.from([...head, ...tail])));
      }),
    );
  });
});

describe('hex', () => {
  it('gives bytes back, from digits of either case', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(toHex(bytes)).toBe(Buffer.from(bytes).toString('hex'));
        expect(fromHex(toHex(bytes))).toEqual(bytes);
        expect(fromHex(toHex(bytes).toUpperCase())).toEqual(bytes);
      }),
    );
  });

  it.each(['0', 'abc', '0g', '0x00', ' 00', '00\n', 'é0'])('refuses "%s"', (text) => {
    expect(() => fromHex(text)).toThrow(WireError);
  });
});
