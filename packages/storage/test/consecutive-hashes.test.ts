import { createHash } from 'node:crypto';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { ConsecutiveHashes } from '../src/consecutive-hashes.js';

describe('ConsecutiveHashes', () => {
  it('gives the hash of every stretch, however the bytes are cut', () => {
    const lengths = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 12 });
    const portions = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(lengths, portions, (stretches, cuts) => {
        const total = stretches.reduce((sum, length) => sum + length, 0);
        const bytes = Uint8Array.from({ length: total }, (_, index) => index * 7);
        const hashes = new ConsecutiveHashes(stretches.length, (index) => stretches[index] ?? 0);
        for (let begin = 0, turn = 0; begin < total; turn++) {
          const length = cuts[turn % cuts.length] ?? 1;
          hashes.update(bytes.subarray(begin, begin + length));
          begin += length;
        }
        expect(Buffer.from(hashes.digests)).toEqual(expected(bytes, stretches));
      }),
    );
  });

  it('takes no notice of bytes past the last stretch', () => {
    const hashes = new ConsecutiveHashes(1, () => 2);
    hashes.update(Uint8Array.of(1));
    hashes.update(Uint8Array.of(2, 3));
    hashes.update(Uint8Array.of(4));
    expect(Buffer.from(hashes.digests)).toEqual(expected(Uint8Array.of(1, 2), [2]));
  });
});

function expected(bytes: Uint8Array, lengths: readonly number[]): Buffer {
  let offset = 0;
  return Buffer.concat(
    lengths.map((length) => {
      const part = bytes.subarray(offset, offset + length);
      offset += length;
      return createHash('sha1').update(part).digest();
    }),
  );
}
