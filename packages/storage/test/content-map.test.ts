import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { ContentMap } from '../src/content-map.js';
import type { ContentFile } from '../src/content-map.js';

function filesOf(lengths: readonly number[]): ContentFile[] {
  let offset = 0;
  return lengths.map((length, index) => {
    const file = { path: `/${index}`, length, offset, isStored: true, isExecutable: false };
    offset += length;
    return file;
  });
}

describe('ContentMap', () => {
  it('finds the parts of a range across borders, and leaves out empty files and what is past the end', () => {
    const map = new ContentMap(filesOf([0, 10, 0, 0, 5, 7, 0]));
    expect(map.totalBytes).toBe(22);
    expect(map.segments(0, 3)).toEqual([{ fileIndex: 1, begin: 0, length: 3 }]);
    expect(map.segments(8, 9)).toEqual([
      { fileIndex: 1, begin: 8, length: 2 },
      { fileIndex: 4, begin: 0, length: 5 },
      { fileIndex: 5, begin: 0, length: 2 },
    ]);
    expect(map.segments(20, 100)).toEqual([{ fileIndex: 5, begin: 5, length: 2 }]);
    expect(map.segments(22, 1)).toEqual([]);
  });

  it('knows a content without any byte', () => {
    const map = new ContentMap(filesOf([0, 0]));
    expect(map.totalBytes).toBe(0);
    expect(map.segments(0, 10)).toEqual([]);
  });

  it('names the bounds of an index that is none', () => {
    expect(() => new ContentMap(filesOf([1])).file(1)).toThrow(new RangeError('"fileIndex" expected 0 to 0, got 1'));
  });

  it('covers every byte once, as a walk byte by byte does', () => {
    const lengths = fc.array(fc.nat(12), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(lengths, fc.nat(100), fc.nat(60), (all, offset, length) => {
        const walked = all.flatMap((count, fileIndex) => Array.from({ length: count }, (_, at) => [fileIndex, at]));
        const found = new ContentMap(filesOf(all))
          .segments(offset, length)
          .flatMap((part) => Array.from({ length: part.length }, (_, index) => [part.fileIndex, part.begin + index]));
        expect(found).toEqual(walked.slice(offset, offset + length));
      }),
    );
  });
});
