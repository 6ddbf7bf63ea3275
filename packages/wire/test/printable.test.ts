import { describe, expect, it } from 'vitest';

import { printable } from '../src/index.js';

describe('printable', () => {
  it('replaces every control of C0 and C1', () => {
    for (let code = 0; code < 0xa0; code++) {
      const isControl = code < 0x20 || code >= 0x7f;
      expect(printable(`a${String.fromCharCode(code)}b`)).toBe(isControl ? 'a?b' : `a${String.fromCharCode(code)}b`);
    }
  });

  it('replaces what reorders, hides or breaks a line', () => {
    for (const code of [
      0x061c, 0x200b, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2060, 0x2066, 0x2069, 0xfeff,
    ]) {
      expect(printable(String.fromCharCode(code))).toBe('?');
    }
  });

  it('replaces halves of characters, and only those', () => {
    expect(printable('\ud83c\udf0d')).toBe('\ud83c\udf0d');
    expect(printable('\ud83c')).toBe('?');
    expect(printable('\udf0d\ud83c')).toBe('??');
  });

  it('leaves all other writing alone', () => {
    const text = 'Übung 東京 עברית عربى नमस्ते 👩‍👧 <b>&amp;</b>';
    expect(printable(text)).toBe(text);
  });

  it('cuts what is too long, and says so', () => {
    expect(printable('a'.repeat(300))).toBe(`${'a'.repeat(255)}…`);
    expect(printable('abcdef', 6)).toBe('abcdef');
    expect(printable('abcdef', 5)).toBe('abcd…');
    expect(printable('abc👩', 4)).toBe('abc…');
    expect(printable('ab👩d', 4)).toBe('ab?…');
  });
});
