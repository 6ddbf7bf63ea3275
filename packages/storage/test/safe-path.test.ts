/**
 * Goal: no name in a metainfo leads out of the folder, or to the file of another entry. Method: the known attacks by
 * name, then properties over names made of the dangerous characters and of anything.
 */
import { isAbsolute, join, relative, sep } from 'node:path';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  MAX_NAME_BYTES,
  MAX_NAME_COLLISIONS,
  MAX_PATH_DEPTH,
  safeName,
  safePath,
  safePaths,
} from '../src/safe-path.js';

const root = join(sep, 'downloads');

describe('safeName', () => {
  it.each([
    ['movie.mkv', 'movie.mkv'],
    ['Über größe – 日本語 🎬.txt', 'Über größe – 日本語 🎬.txt'],
    ['.hidden', '.hidden'],
    ['..', '__'],
    ['.', '_'],
    ['', '_'],
    ['...', '___'],
    ['../../etc/passwd', '.._.._etc_passwd'],
    ['..\\..\\windows', '.._.._windows'],
    ['/etc/passwd', '_etc_passwd'],
    ['C:evil', 'C_evil'],
    ['file.txt:stream', 'file.txt_stream'],
    ['a\0b', 'a_b'],
    ['a\nb\x1B[2J', 'a_b_[2J'],
    ['what?*"<>|', 'what______'],
    ['ends in dot.', 'ends in dot_'],
    ['ends in space ', 'ends in space_'],
    ['ends in both . . ', 'ends in both_____'],
    ['evil\u202Egnp.exe', 'evil_gnp.exe'],
    ['zero\u200Bwidth\uFEFF', 'zero_width_'],
    ['lone\uD800surrogate', 'lone_surrogate'],
    ['con', '_con'],
    ['CON.txt', '_CON.txt'],
    ['nul .tar.gz', '_nul .tar.gz'],
    ['com1', '_com1'],
    ['LPT\u00B9.log', '_LPT\u00B9.log'],
    ['CONIN$', '_CONIN$'],
    ['console', 'console'],
    ['com10', 'com10'],
    ['e\u0301', '\u00E9'],
  ])('makes %j into %j', (name, expected) => {
    expect(safeName(name)).toBe(expected);
  });

  it('cuts a long name between characters, keeps its extension, and tells two apart', () => {
    const long = safeName(`${'日'.repeat(200)}.mkv`);
    expect(Buffer.byteLength(long)).toBeLessThanOrEqual(MAX_NAME_BYTES);
    expect(long).toMatch(/^日+~[0-9a-f]{8}\.mkv$/u);
    expect(safeName(`${'日'.repeat(201)}.mkv`)).not.toBe(long);
  });

  it('takes what looks like an extension, but is too long for one, as part of the name', () => {
    expect(safeName(`a.${'b'.repeat(300)}`)).toMatch(/^a\.b+~[0-9a-f]{8}$/u);
  });
});

describe('safePaths', () => {
  it('joins the elements below the root', () => {
    expect(safePaths(root, [['album', 'cd1', 'track.flac']])).toEqual([join(root, 'album', 'cd1', 'track.flac')]);
    expect(safePath(root, ['album', '..'])).toBe(join(root, 'album', '__'));
  });

  it('renames files that would be one on some file system, always in the same way', () => {
    const names = [
      ['A.txt'],
      ['a.txt'],
      ['a~2.txt'],
      ['\u00E9'],
      ['e\u0301'],
      ['ﬁle'],
      ['file'],
      ['STRASSE'],
      ['straße'],
    ];
    expect(safePaths(root, names).map((path) => relative(root, path))).toEqual([
      'A.txt',
      'a~2.txt',
      'a~2~2.txt',
      '\u00E9',
      '\u00E9~2',
      'ﬁle',
      'file~2',
      'STRASSE',
      'straße~2',
    ]);
  });

  it.each([
    ['straße', 'STRAẞE'],
    ['ss', 'ẞ'],
    ['ß', 'ẞ'],
    ['a', 'a\uFE0F'],
    ['❤', '❤\uFE0F'],
    ['\u180Ba', 'A\u{E0100}'],
    ['İ', 'i\u0307'],
    ['ΟΔΟΣ', 'οδος'],
  ])('tells %j and %j apart, which are one file where case is ignored', (first, second) => {
    expect(safePaths(root, [[first], [second]])).toEqual([join(root, first), join(root, `${second}~2`)]);
    expect(safePaths(root, [[first], [second, 'x']])).toEqual([join(root, `${first}~2`), join(root, second, 'x')]);
  });

  it('renames a file in the place of a folder, wherever the folder comes in the list', () => {
    expect(safePaths(root, [['x'], ['X', 'y']]).map((path) => relative(root, path))).toEqual(['x~2', join('X', 'y')]);
    expect(safePaths(root, [['X', 'y'], ['x']]).map((path) => relative(root, path))).toEqual([join('X', 'y'), 'x~2']);
  });

  it('keeps a numbered name within its bound', () => {
    const name = `${'n'.repeat(250)}.txt`;
    const [first = '', second = ''] = safePaths(root, [[name], [name.toUpperCase()]]);
    expect(Buffer.byteLength(relative(root, second))).toBeLessThanOrEqual(MAX_NAME_BYTES);
    expect(second).not.toBe(first);
  });

  it('refuses a path without elements, or with too many', () => {
    expect(() => safePaths(root, [[]])).toThrow(expect.objectContaining({ code: 'unsafe-path' }));
    const deepest = Array.from({ length: MAX_PATH_DEPTH + 1 }, () => 'd');
    expect(safePaths(root, [deepest])).toHaveLength(1);
    expect(() => safePaths(root, [[...deepest, 'd']])).toThrow(expect.objectContaining({ code: 'unsafe-path' }));
  });

  it('refuses more than so many files of one name', () => {
    const many = Array.from({ length: MAX_NAME_COLLISIONS }, () => ['same']);
    expect(new Set(safePaths(root, many)).size).toBe(MAX_NAME_COLLISIONS);
    expect(() => safePaths(root, [...many, ['same']])).toThrow(expect.objectContaining({ code: 'unsafe-path' }));
  });
});

describe('safePaths, for any names', () => {
  const dangerous = fc.constantFrom(
    ...[
      '.',
      '..',
      '/',
      '\\',
      ':',
      '\0',
      ' ',
      '\u202E',
      '\u200B',
      '\n',
      'con',
      'NUL',
      'a',
      'A',
      'é',
      'e\u0301',
      '\uD800',
      '~2',
    ],
  );
  const name = fc.oneof(
    fc.array(dangerous, { maxLength: 6 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary', maxLength: 300 }),
  );
  const path = fc.array(name, { minLength: 1, maxLength: 5 });
  const paths = fc.array(path, { maxLength: 20 });

  it('stays below the root, with elements that every system takes', () => {
    fc.assert(
      fc.property(paths, (names) => {
        for (const [index, made] of safePaths(root, names).entries()) {
          const below = relative(root, made);
          expect(isAbsolute(below)).toBe(false);
          const elements = below.split(sep);
          expect(elements).toHaveLength(names[index]?.length ?? 0);
          for (const element of elements) expectSafeElement(element);
        }
      }),
    );
  });

  it('gives no two files one path, nor a file the path of a folder, whatever the case and form', () => {
    fc.assert(
      fc.property(paths, (names) => {
        const made = safePaths(root, names).map((one) => relative(root, one).normalize('NFKC').toLowerCase());
        expect(new Set(made).size).toBe(made.length);
        for (const one of made) expect(made.some((other) => other.startsWith(one + sep))).toBe(false);
      }),
    );
  });

  it('does not change what is safe already, and gives the same twice', () => {
    fc.assert(
      fc.property(path, (elements) => {
        const once = safePath(root, elements);
        expect(safePath(root, elements)).toBe(once);
        expect(safePath(root, relative(root, once).split(sep))).toBe(once);
      }),
    );
  });
});

function expectSafeElement(element: string): void {
  expect(element).not.toBe('');
  expect(element).not.toMatch(/^\.{1,2}$/u);
  expect(element).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}<>:"/\\|?*]/u);
  expect(element).not.toMatch(/[. ]$/u);
  expect(element).not.toMatch(/^(?:con|prn|aux|nul|com\d|lpt\d) *(?:\.|$)/iu);
  expect(element).toBe(element.normalize('NFC'));
  expect(Buffer.byteLength(element)).toBeLessThanOrEqual(MAX_NAME_BYTES);
}
