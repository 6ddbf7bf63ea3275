import { describe, expect, it } from 'vitest';

import { parseDuration, parseInteger, parsePieceSize, parseRate, parseRatio, parseSize } from '../src/parse-values.js';

describe('parseSize', () => {
  it.each([
    ['0', 0],
    ['65536', 65_536],
    ['64K', 65_536],
    ['64k', 65_536],
    ['256KiB', 262_144],
    ['256 KiB', 262_144],
    ['1MiB', 1_048_576],
    ['1.5MiB', 1_572_864],
    ['2MB', 2_000_000],
    ['1G', 1_073_741_824],
    ['10B', 10],
  ])('reads %s as %i bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it.each(['', 'K', '-1', '1e3', '1 2', '64Q', '0x10', '1..5', 'NaN', '99999999999T'])(
    'refuses "%s", with examples',
    (text) => {
      expect(() => parseSize(text)).toThrow(`expected a size such as 65536, 64K, 256KiB or 1.5MiB, got "${text}"`);
    },
  );
});

describe('parseRate', () => {
  it('takes a size with or without /s', () => {
    expect(parseRate('500K')).toBe(512_000);
    expect(parseRate('10MB/s')).toBe(10_000_000);
  });

  it('refuses a rate that would stop everything, and says how to have no limit', () => {
    expect(() => parseRate('0')).toThrow('leave the option out for no limit');
  });

  it('refuses what is no rate, with examples', () => {
    expect(() => parseRate('fast')).toThrow('expected a rate per second such as 500K, 2MiB or 10MB/s, got "fast"');
  });
});

describe('parsePieceSize', () => {
  it('takes powers of two from 16 KiB to 64 MiB', () => {
    expect(parsePieceSize('16KiB')).toBe(16_384);
    expect(parsePieceSize('64MiB')).toBe(67_108_864);
  });

  it.each(['8KiB', '128MiB', '100K', '0'])('refuses %s', (text) => {
    expect(() => parsePieceSize(text)).toThrow(`expected a power of two from 16KiB to 64MiB, got "${text}"`);
  });
});

describe('parseDuration', () => {
  it.each([
    ['90', 90],
    ['0', 0],
    ['1.5', 1.5],
    ['90s', 90],
    ['10m', 600],
    ['1h30m', 5_400],
    ['2d', 172_800],
  ])('reads %s as %d seconds', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  it.each(['', 'soon', '-5', '10x', 'm'])('refuses "%s"', (text) => {
    expect(() => parseDuration(text)).toThrow(`expected a time such as 90, 90s, 10m or 1h30m, got "${text}"`);
  });
});

describe('parseInteger and parseRatio', () => {
  it('name the bounds', () => {
    expect(parseInteger('0', 0, 65_535)).toBe(0);
    expect(() => parseInteger('65536', 0, 65_535)).toThrow('expected a whole number from 0 to 65535, got "65536"');
    expect(() => parseInteger('1.5', 0, 9)).toThrow('got "1.5"');
  });

  it('take ratios above 0', () => {
    expect(parseRatio('1.5')).toBe(1.5);
    expect(parseRatio('.5')).toBe(0.5);
    expect(() => parseRatio('0')).toThrow('expected a number above 0');
    expect(() => parseRatio('-1')).toThrow('expected a number above 0');
  });
});
