/**
 * Goal: whatever a crash or a failing disk leaves of a journal, reading it never throws and never claims a piece that was
 * not written down. Method: every truncation, every flipped bit, and any sequence of records against a plain set.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Bitfield } from '@p2p/wire';

import {
  decodeJournal,
  encodeFiles,
  encodeJournalHeader,
  encodeLost,
  encodeSnapshot,
  encodeStored,
} from '../src/journal-format.js';
import type { FileMark, JournalIdentity } from '../src/journal-format.js';

const identity: JournalIdentity = {
  infoHash: Uint8Array.from({ length: 20 }, (_, index) => index),
  pieceLength: 65_536,
  pieceCount: 21,
  fileCount: 2,
};
const marks: (FileMark | undefined)[] = [
  { length: 1_000_000, modifiedNs: 1_763_800_000_123_456_789n, fileId: 2n ** 63n + 5n },
  undefined,
];

function join(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function bitfield(...pieces: number[]): Bitfield {
  const result = new Bitfield(identity.pieceCount);
  for (const piece of pieces) result.set(piece);
  return result;
}

const header = encodeJournalHeader(identity);
const journal = join(
  header,
  encodeSnapshot(bitfield(0, 20)),
  encodeFiles(marks, false),
  encodeStored([3, 4]),
  encodeLost([0]),
  encodeStored([7]),
);

describe('decodeJournal', () => {
  it('reads what was written', () => {
    const content = decodeJournal(journal, identity);
    expect([...(content?.have.indices() ?? [])]).toEqual([3, 4, 7, 20]);
    expect(content).toMatchObject({ files: marks, isClean: false, validBytes: journal.length });
  });

  it('takes a journal as clean only if that is its last word', () => {
    const clean = join(journal, encodeFiles(marks, true));
    expect(decodeJournal(clean, identity)?.isClean).toBe(true);
    expect(decodeJournal(join(clean, encodeStored([1])), identity)?.isClean).toBe(false);
    expect(decodeJournal(join(clean, encodeFiles(marks, false)), identity)?.isClean).toBe(false);
  });

  it('is undefined for another content, another version, or no journal', () => {
    const others = [
      { ...identity, infoHash: new Uint8Array(20) },
      { ...identity, pieceLength: 32_768 },
      { ...identity, pieceCount: 22 },
      { ...identity, fileCount: 1 },
    ];
    for (const other of others) expect(decodeJournal(journal, other)).toBeUndefined();
    const version2 = journal.slice();
    version2[7] = 2;
    expect(decodeJournal(version2, identity)).toBeUndefined();
    expect(decodeJournal(new Uint8Array(0), identity)).toBeUndefined();
    expect(decodeJournal(new TextEncoder().encode('a film of somebody else '.repeat(10)), identity)).toBeUndefined();
  });

  it('holds, cut off anywhere, exactly what was complete before the cut', () => {
    const ends = [header, encodeSnapshot(bitfield()), encodeFiles(marks, false), encodeStored([3, 4]), encodeLost([0])];
    const borders = ends.map((_, index) => ends.slice(0, index + 1).reduce((sum, part) => sum + part.length, 0));
    const states = [[], [0, 20], [0, 20], [0, 3, 4, 20], [3, 4, 20], [3, 4, 7, 20]];
    for (let length = header.length; length <= journal.length; length++) {
      const complete = borders.filter((border) => border <= length).length;
      const state = length === journal.length ? states[5] : states[complete - 1];
      expect([...(decodeJournal(journal.subarray(0, length), identity)?.have.indices() ?? [])]).toEqual(state);
    }
    for (let length = 0; length < header.length; length++) {
      expect(decodeJournal(journal.subarray(0, length), identity)).toBeUndefined();
    }
  });

  it('claims nothing beyond what was written, whichever bit is flipped', () => {
    const allowed = new Set([0, 3, 4, 7, 20]);
    for (let bit = 0; bit < journal.length * 8; bit++) {
      const damaged = journal.slice();
      damaged[bit >>> 3] = (damaged[bit >>> 3] ?? 0) ^ (1 << (bit & 7));
      const content = decodeJournal(damaged, identity);
      expect([...(content?.have.indices() ?? [])].every((piece) => allowed.has(piece))).toBe(true);
      expect(content?.validBytes ?? 0).toBeLessThan(journal.length);
    }
  });

  it('stops at a record that makes no sense, though its CRC is right', () => {
    const outside = join(journal, encodeStored([identity.pieceCount]), encodeStored([1]));
    expect(decodeJournal(outside, identity)?.validBytes).toBe(journal.length);
    const shortSnapshot = join(journal, encodeSnapshot(new Bitfield(3)));
    expect(decodeJournal(shortSnapshot, identity)?.validBytes).toBe(journal.length);
    const oneFile = join(journal, encodeFiles([undefined], true));
    expect(decodeJournal(oneFile, identity)?.validBytes).toBe(journal.length);
  });

  it('takes any bytes at all without throwing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (tail) => void decodeJournal(join(header, tail), identity)),
    );
  });

  it('agrees with a plain set after any records', () => {
    const piece = fc.nat(identity.pieceCount - 1);
    const record = fc.record({ isStored: fc.boolean(), pieces: fc.array(piece, { maxLength: 10 }) });
    fc.assert(
      fc.property(fc.array(record, { maxLength: 20 }), (records) => {
        const expected = new Set<number>();
        const parts = records.map(({ isStored, pieces }) => {
          for (const index of pieces) {
            if (isStored) expected.add(index);
            else expected.delete(index);
          }
          return isStored ? encodeStored(pieces) : encodeLost(pieces);
        });
        const content = decodeJournal(join(header, ...parts), identity);
        expect([...(content?.have.indices() ?? [])]).toEqual([...expected].sort((left, right) => left - right));
      }),
    );
  });
});
