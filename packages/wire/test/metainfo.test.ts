import { createHash } from 'node:crypto';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { BencodeParser } from '../src/bencode-parser.js';
import { MAX_BENCODE_TOKENS } from '../src/constants.js';
import { isDictionary } from '../src/field-reader.js';
import {
  decodeBencode,
  decodeInfo,
  decodeMetainfo,
  defaultPieceLength,
  encodeBencode,
  encodeInfo,
  encodeMetainfo,
  type InfoFields,
  type InfoFile,
  MAX_METADATA_BYTES,
  MAX_PIECE_COUNT,
  rawDictionaryValue,
  WireError,
} from '../src/index.js';

const oneFile: InfoFields = {
  name: 'a.bin',
  pieceLength: 16_384,
  pieceHashes: Uint8Array.from({ length: 40 }, (_, index) => index),
  length: 20_000,
};
const none = new Uint8Array(0);
const link: InfoFile = { path: ['link'], length: 20_000, attributes: 'xl' };
const MiB = 1024 * 1024;

describe('decodeMetainfo', () => {
  it('hashes the bytes of info as they stand', () => {
    const info = encodeInfo(oneFile);
    const { metainfo } = decodeMetainfo(encodeMetainfo(info, { announce: 'http://t/', comment: 'c', createdBy: 'me' }));
    expect(metainfo.infoBytes).toEqual(info);
    expect([...metainfo.infoHash]).toEqual([...createHash('sha1').update(info).digest()]);
  });

  it('keeps nothing of the input', () => {
    const bytes = encodeMetainfo(encodeInfo(oneFile));
    const { metainfo } = decodeMetainfo(bytes);
    bytes.fill(0);
    expect(metainfo.pieceHashes).toEqual(oneFile.pieceHashes);
    expect(decodeInfo(metainfo.infoBytes)).toEqual(metainfo);
  });

  it('ignores a malformed list of trackers', () => {
    const torrent = (announce: number | string[]): Uint8Array =>
      encodeBencode({ 'announce-list': announce, info: decoded(encodeInfo(oneFile)) });
    expect(decodeMetainfo(torrent(7)).announce).toEqual([]);
    expect(decodeMetainfo(torrent(['not a tier'])).announce).toEqual([]);
  });

  it.each([[7], [['text']], [new Map()]])(
    'takes a comment and a maker that are no text, but %j, for absent',
    (value) => {
      const info = decoded(encodeInfo(oneFile));
      const file = decodeMetainfo(encodeBencode({ announce: value, comment: value, 'created by': value, info }));
      expect(file).toMatchObject({ announce: [], comment: undefined, createdBy: undefined });
      expect(file.metainfo.name).toBe('a.bin');
    },
  );
});

describe('decodeInfo', () => {
  it('refuses metadata above 16 MiB before it looks at it', () => {
    expect(() => decodeInfo(new Uint8Array(MAX_METADATA_BYTES + 1))).toThrow(/at most 16777216 bytes/);
  });

  it('reads the largest torrent', () => {
    const pieceLength = 64 * MiB;
    const info = encodeInfo({
      name: 'big',
      pieceLength,
      pieceHashes: new Uint8Array(20 * 800_000),
      length: pieceLength * 800_000,
    });
    expect(decodeInfo(info).layout.pieceCount).toBe(800_000);
  });

  it('ignores a file digest of another length, as libtorrent does', () => {
    const info = encodeBencode({ ...record(encodeInfo(oneFile)), sha1: new Uint8Array(19) });
    expect(decodeInfo(info).sha1).toBeUndefined();
  });

  it('does not let a name of controls into its messages', () => {
    const info = encodeBencode({ ...record(encodeInfo(oneFile)), length: '\u001b[2J' });
    expect(() => decodeInfo(info)).toThrow(
      '"length": expected an integer from 0 to 9007199254740991, found the string "?[2J"',
    );
  });
});

describe('encodeInfo', () => {
  it('is read back as it was given, whatever the files', () => {
    const name = fc.string({ minLength: 1, maxLength: 10, unit: 'grapheme' });
    const files = fc.array(
      fc.record({
        path: fc.array(name, { minLength: 1, maxLength: 4 }),
        length: fc.nat({ max: 100_000 }),
        sha1: fc.option(fc.uint8Array({ minLength: 20, maxLength: 20 }), { nil: undefined }),
        attributes: fc.constantFrom(undefined, 'p', 'x', 'hx'),
      }),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(
        name,
        files,
        fc.boolean(),
        fc.integer({ min: 1, max: 70_000 }),
        (folder, list, isPrivate, pieceLength) => {
          const total = list.reduce((sum, file) => sum + file.length, 0);
          fc.pre(total / pieceLength < 100);
          const pieceHashes = new Uint8Array(20 * Math.ceil(total / pieceLength));
          const metainfo = decodeInfo(encodeInfo({ name: folder, pieceLength, pieceHashes, isPrivate, files: list }));
          expect(metainfo).toMatchObject({ name: folder, isPrivate, isSingleFile: false, pieceHashes });
          expect(metainfo.layout.totalBytes).toBe(total);
          let offset = 0;
          for (const [index, { path, length, sha1, attributes = '' }] of list.entries()) {
            const [isPadding, isExecutable] = [attributes.includes('p'), attributes.includes('x')];
            expect(metainfo.files[index]).toEqual({
              path: [folder, ...path],
              length,
              offset,
              sha1,
              isPadding,
              isExecutable,
            });
            offset += length;
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('gives the same bytes whatever the order of the fields', () => {
    const { name, pieceLength, pieceHashes, length } = oneFile;
    expect(encodeInfo({ length, pieceHashes, pieceLength, name })).toEqual(encodeInfo(oneFile));
  });

  it.each<[string, InfoFields]>([
    ['either "length" or "files"', { ...oneFile, files: [] }],
    ['either "length" or "files"', { ...oneFile, length: undefined }],
    ['files: expected at least one file, got none', { ...oneFile, length: undefined, files: [], pieceHashes: none }],
    ['attributes: expected letters p, x and h, got "xl"', { ...oneFile, length: undefined, files: [link] }],
    ['name: expected', { ...oneFile, name: '' }],
    ['pieceLength: expected', { ...oneFile, pieceLength: 0 }],
    ['pieceHashes: expected 40 bytes', { ...oneFile, pieceHashes: new Uint8Array(60) }],
    ['sha1: expected 20', { ...oneFile, sha1: new Uint8Array(19) }],
    [
      'length: expected',
      {
        ...oneFile,
        length: undefined,
        files: [
          { path: ['a'], length: -1 },
          { path: ['b'], length: 20_001 },
        ],
      },
    ],
    ['path: expected', { ...oneFile, length: undefined, files: [{ path: [], length: 20_000 }] }],
    [
      'sha1: expected',
      { ...oneFile, length: undefined, files: [{ path: ['a'], length: 20_000, sha1: new Uint8Array(1) }] },
    ],
  ])('refuses fields that make no torrent: %s', (message, fields) => {
    expect(() => encodeInfo(fields)).toThrow(message);
  });

  it('refuses more files than a decoder takes, and says what to do', () => {
    const files = Array.from({ length: 250_000 }, () => ({ path: ['a'], length: 0, sha1: new Uint8Array(20) }));
    const encode = (): Uint8Array => encodeInfo({ name: 'many', pieceLength: 16_384, pieceHashes: none, files });
    expect(encode).toThrow(RangeError);
    expect(encode).toThrow(/at most 1999992 values and keys, got 2000009; make several torrents/);
  });

  it('says what to do when metadata would be too large', () => {
    const tooMany = MAX_METADATA_BYTES / 20;
    const fields = {
      ...oneFile,
      pieceLength: 1,
      length: Math.ceil(tooMany),
      pieceHashes: new Uint8Array(20 * Math.ceil(tooMany)),
    };
    expect(() => encodeInfo(fields)).toThrow(/choose longer pieces/);
  });
});

describe('encodeMetainfo', () => {
  it('takes info over byte for byte, in a canonical file', () => {
    const info = encodeInfo(oneFile);
    const torrent = encodeMetainfo(info, { comment: 'c', announce: 'a', createdBy: 'b' });
    expect(rawDictionaryValue(torrent, 'info')).toEqual(info);
    expect(torrent).toEqual(encodeBencode({ announce: 'a', comment: 'c', 'created by': 'b', info: decoded(info) }));
  });

  it('adds no more values and keys than the limit of info leaves room for', () => {
    const info = encodeInfo(oneFile);
    const [inside, whole] = [info, encodeMetainfo(info, { comment: 'c', announce: 'a', createdBy: 'b' })].map(
      (bytes) => {
        const parser = new BencodeParser(bytes);
        parser.parse();
        return parser.tokens;
      },
    );
    expect((whole ?? 0) - (inside ?? 0)).toBe(MAX_BENCODE_TOKENS - 1_999_992);
  });
});

describe('defaultPieceLength', () => {
  it.each([
    [0, 65_536],
    [1, 65_536],
    [1024 * MiB, 65_536],
    [1024 * MiB + 1, 131_072],
    [2048 * MiB, 131_072],
    [1024 * 1024 * MiB, 64 * MiB],
    [64 * MiB * MAX_PIECE_COUNT, 64 * MiB],
  ])('of %i bytes is %i', (totalBytes, expected) => {
    expect(defaultPieceLength(totalBytes)).toBe(expected);
  });

  it('has an end', () => {
    expect(() => defaultPieceLength(64 * MiB * MAX_PIECE_COUNT + 1)).toThrow(RangeError);
  });
});

it('reports a torrent that is not bencode as such', () => {
  expect(() => decodeMetainfo(Uint8Array.of(0x3c))).toThrow(WireError);
});

/** The fields of an info dictionary, to change one of them. */
function record(info: Uint8Array): Record<string, BencodeField> {
  return Object.fromEntries(decoded(info));
}

type BencodeField = Exclude<Parameters<typeof encodeBencode>[0], undefined>;

function decoded(info: Uint8Array): ReadonlyMap<string, BencodeField> {
  const value = decodeBencode(info);
  if (!isDictionary(value)) throw new Error('expected a dictionary');
  return value;
}
