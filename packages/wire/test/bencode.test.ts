import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  type BencodeInput,
  decodeBencode,
  decodeBencodePrefix,
  encodeBencode,
  rawDictionaryValue,
  WireError,
} from '../src/index.js';
import { BencodeParser } from '../src/bencode-parser.js';
import { countTokens } from '../src/encode-bencode.js';

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

const key = fc.uint8Array({ maxLength: 6 }).map((bytes) => String.fromCharCode(...bytes));
const { value: arbitraryValue } = fc.letrec<{ value: BencodeInput }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.maxSafeInteger(),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }),
    fc.uint8Array({ maxLength: 12 }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map((entries) => new Map(entries)),
  ),
}));

describe('bencode', () => {
  it('gives any value back', () => {
    fc.assert(
      fc.property(arbitraryValue, (value) => {
        expect(decodeBencode(encodeBencode(value))).toEqual(value);
      }),
      { numRuns: 2000 },
    );
  });

  it('is counted for its encoder as its decoder counts', () => {
    fc.assert(
      fc.property(arbitraryValue, (value) => {
        const parser = new BencodeParser(encodeBencode(value));
        parser.parse();
        expect(countTokens(value)).toBe(parser.tokens);
      }),
    );
    expect(countTokens({ a: 1, b: undefined })).toBe(3);
  });

  it('has one form for each value, whatever the order of its keys', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(key, fc.nat()), { selector: ([name]) => name }), (entries) => {
        expect(encodeBencode(new Map([...entries].reverse()))).toEqual(encodeBencode(new Map(entries)));
      }),
    );
  });
});

describe('decodeBencode', () => {
  it('returns strings as views', () => {
    const bytes = ascii('4:spam');
    const value = decodeBencode(bytes);
    expect(value instanceof Uint8Array && value.buffer).toBe(bytes.buffer);
  });

  it('returns a number where it is exact, else a bigint', () => {
    expect(decodeBencode(ascii('i9007199254740991e'))).toBe(Number.MAX_SAFE_INTEGER);
    expect(decodeBencode(ascii('i9007199254740992e'))).toBe(2n ** 53n);
    expect(decodeBencode(ascii('i-9007199254740993e'))).toBe(-(2n ** 53n) - 1n);
    expect(Object.is(decodeBencode(ascii('i0e')), 0)).toBe(true);
  });

  it('keeps keys such as __proto__ apart from the prototype', () => {
    const value = decodeBencode(ascii('d9:__proto__d8:pollutedi1eee'));
    expect(value instanceof Map && [...value.keys()]).toEqual(['__proto__']);
    expect('polluted' in {}).toBe(false);
  });

  it('names the offset, what was expected and what was found', () => {
    expect(() => decodeBencode(ascii('li1ei02ee'))).toThrow('offset 5: expected no leading zero, found byte 0x30');
    expect(() => decodeBencode(ascii('d1:ai1e'))).toThrow(
      'offset 7: expected an integer, string, list or dictionary, found the end',
    );
  });

  it('obeys each limit', () => {
    expect(decodeBencode(ascii('llleee'), { maxDepth: 3 })).toEqual([[[]]]);
    expect(() => decodeBencode(ascii('llleee'), { maxDepth: 2 })).toThrow('at most 2 levels');
    expect(decodeBencode(ascii('d1:a1:be'), { maxTokens: 3 })).toEqual(new Map([['a', ascii('b')]]));
    expect(() => decodeBencode(ascii('d1:a1:be'), { maxTokens: 2 })).toThrow('at most 2 values and keys');
    expect(() => decodeBencode(ascii('1:a'), { maxBytes: 2 })).toThrow('at most 2 bytes');
  });

  it('reads a key of 1,024 bytes, and none that is longer', () => {
    const ofKey = (length: number): Uint8Array => ascii(`d${length}:${'k'.repeat(length)}i7ee`);
    expect(decodeBencode(ofKey(1024))).toEqual(new Map([['k'.repeat(1024), 7]]));
    expect(() => decodeBencode(ofKey(1025))).toThrow(WireError);
    expect(() => decodeBencode(ofKey(524_000))).toThrow(
      'offset 1: expected a key of at most 1024 bytes, found one of 524000',
    );
  });

  it('stops at 2 million tokens, which 4 MB can hold', () => {
    const bytes = new Uint8Array(4_000_002).fill(0x30);
    for (let index = 1; index < bytes.length - 1; index += 2) bytes[index + 1] = 0x3a;
    bytes[0] = 0x6c;
    bytes[bytes.length - 1] = 0x65;
    expect(() => decodeBencode(bytes)).toThrow('at most 2000000 values');
  });

  it('takes steps in proportion to the input, however it is built', () => {
    const shapes: ((n: number) => string)[] = [
      (n) => `l${'0:'.repeat(n)}e`,
      (n) => `l${'le'.repeat(n)}e`,
      (n) => `l${'i7e'.repeat(n)}e`,
      (n) => `d${Array.from({ length: n }, (_, index) => `6:${String(index).padStart(6, '0')}0:`).join('')}e`,
      (n) => `l${('l'.repeat(90) + 'e'.repeat(90)).repeat(n / 90)}e`,
    ];
    for (const shape of shapes) {
      const [small, large] = [900, 9000].map((size) => {
        const bytes = ascii(shape(size));
        const parser = new BencodeParser(bytes);
        parser.parse();
        expect(parser.tokens).toBeLessThanOrEqual(bytes.length);
        return parser.tokens - 1;
      });
      expect(large).toBe((small ?? 0) * 10);
    }
  });
});

describe('decodeBencodePrefix', () => {
  it('tells where the value ended, by structure and not by looking for an e', () => {
    expect(decodeBencodePrefix(ascii('d1:a2:eeeraw bytes'))).toEqual({
      value: new Map([['a', ascii('ee')]]),
      bytesRead: 9,
    });
  });
});

describe('rawDictionaryValue', () => {
  it('returns the exact bytes, also when they are not canonical', () => {
    const bytes = ascii('d1:xi1e4:infod1:bi1e1:ali1eee1:yi2ee');
    const raw = rawDictionaryValue(bytes, 'info');
    expect(raw).toEqual(ascii('d1:bi1e1:ali1eee'));
    expect(raw?.buffer).toBe(bytes.buffer);
  });

  it('looks only at the outermost dictionary', () => {
    expect(rawDictionaryValue(ascii('d1:ad4:infoi1eee'), 'info')).toBeUndefined();
    expect(rawDictionaryValue(ascii('d1:ad4:infoi1ee4:infoi2ee'), 'info')).toEqual(ascii('i2e'));
    expect(rawDictionaryValue(ascii('d1:ald4:infoi1eee4:info0:e'), 'info')).toEqual(ascii('0:'));
  });

  it('refuses what is no whole dictionary', () => {
    expect(() => rawDictionaryValue(ascii('le'), 'info')).toThrow(WireError);
    expect(() => rawDictionaryValue(ascii('d4:infoi1ee '), 'info')).toThrow(WireError);
  });
});

describe('encodeBencode', () => {
  it('sorts keys by bytes and leaves out what is undefined', () => {
    const value = { b: 1, B: 2, '\u00ff': 3, a10: 4, a2: undefined };
    expect(encodeBencode(value)).toEqual(ascii('d1:Bi2e3:a10i4e1:bi1e1:\u00ffi3ee'));
  });

  it('writes text as UTF-8 and minus zero as zero', () => {
    expect(encodeBencode('é')).toEqual(Uint8Array.of(0x32, 0x3a, 0xc3, 0xa9));
    expect(encodeBencode(-0)).toEqual(ascii('i0e'));
  });

  it('says what cannot be encoded', () => {
    expect(() => encodeBencode(1.5)).toThrow(/safe integer or a bigint, got 1.5/);
    expect(() => encodeBencode(2 ** 53)).toThrow(RangeError);
    expect(() => encodeBencode({ ключ: 1 })).toThrow(/one byte a character/);
    expect(encodeBencode({ ['k'.repeat(1024)]: 1 })).toHaveLength(1034);
    expect(() => encodeBencode({ ['k'.repeat(1025)]: 1 })).toThrow(/at most 1024 characters, got 1025/);
    let nested: BencodeInput = [];
    for (let depth = 1; depth < 100; depth++) nested = [nested];
    expect(encodeBencode(nested)).toHaveLength(200);
    expect(() => encodeBencode([nested])).toThrow(/at most 100 levels/);
    expect(() => {
      Reflect.apply(encodeBencode, undefined, [true]);
    }).toThrow(TypeError);
  });
});
