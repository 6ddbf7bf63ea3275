import { describe, expect, it } from 'vitest';

import type { Measurement } from '../src/bench-case.js';
import { formatTable, summarize, whyInvalid } from '../src/report.js';
import type { EntryResult } from '../src/run-case.js';

describe('summarize', () => {
  it('compares with our own run of the same round and piece size', () => {
    const results = [entry('ours', 64, [2, 4, 6]), entry('other', 64, [4, 4, 4]), entry('ours', 1024, [1, 1, 1])];
    const [ours, other, oursLarge] = summarize(results);
    expect(ours).toMatchObject({ wallSeconds: { median: 4, least: 2, most: 6 }, bytesPerSecond: 250_000_000 });
    expect(ours?.oursToThis).toEqual({ median: 1, least: 1, most: 1 });
    expect(other?.oursToThis).toEqual({ median: 1, least: 0.5, most: 1.5 });
    expect(oursLarge?.oursToThis.median).toBe(1);
  });

  it('gives the middle of two middle values', () => {
    expect(summarize([entry('ours', 64, [1, 2, 3, 10])])[0]?.wallSeconds.median).toBe(2.5);
  });
});

describe('whyInvalid', () => {
  it('believes figures while the bare loop is steady', () => {
    expect(
      whyInvalid([entry('ours', 64, [1, 9, 1]), entry('node-loop -> node-loop', 64, [1, 1.1, 1.19])]),
    ).toBeUndefined();
  });

  it('says by how much the bare loop varied', () => {
    expect(whyInvalid([entry('node-loop -> node-loop', 64, [1, 1, 1.5])])).toContain('varied by 50 % (more than 20 %)');
  });

  it('does not judge by too few runs', () => {
    expect(whyInvalid([entry('node-loop -> node-loop', 64, [1, 1])])).toContain('fewer than 3 runs');
  });
});

describe('formatTable', () => {
  it('aligns names to the left and figures to the right', () => {
    const lines = formatTable(summarize([entry('ours -> ours', 64, [1, 1, 1])])).split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]?.length).toBe(lines[1]?.length);
    expect(lines[1]).toMatch(
      /^ours -> ours {2}\s*64 KiB .* 1000 .* 1\.00 \(1\.00-1\.00\) .* 0\.50\+0\.25 \/ 0\.50\+0\.25 .* 10 \/ 10/,
    );
  });
});

function entry(name: string, pieceKibibytes: number, wallSeconds: readonly number[]): EntryResult {
  const cost = {
    userSeconds: 0.5,
    systemSeconds: 0.25,
    writtenBytes: 1e9,
    peakResidentBytes: 10 * 2 ** 20,
    peakPrivateBytes: 2 ** 20,
  };
  const measurements = wallSeconds.map((seconds): Measurement => ({
    wallSeconds: seconds,
    firstDoneSeconds: seconds,
    seeder: cost,
    leechers: cost,
  }));
  return { name, group: `${pieceKibibytes} KiB`, byteCount: 1e9, measurements };
}
