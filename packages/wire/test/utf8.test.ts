import { describe, expect, it } from 'vitest';

import { bytesToLatin1 } from '../src/utf8.js';

describe('bytesToLatin1', () => {
  it.each([0, 1, 256, 4095, 4096, 4097, 8192, 100_000])('gives a character for each of %i bytes', (length) => {
    const bytes = Uint8Array.from({ length }, (_, index) => index * 7);
    expect(bytesToLatin1(bytes)).toBe(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  });
});
