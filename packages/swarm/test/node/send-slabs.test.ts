import { array, assert, boolean, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';

import { SendSlabs, type Segment } from '../../src/node/send-slabs.js';

function read(segments: readonly Segment[]): number[] {
  return segments.flatMap(({ slab, start, end }) => [...slab.bytes.subarray(start, end)]);
}

describe('send slabs', () => {
  it('lay what is appended one after the other side by side', () => {
    const slabs = new SendSlabs();
    const segments: Segment[] = [];
    slabs.append(Uint8Array.of(1, 2), segments);
    slabs.append(Uint8Array.of(3), segments);
    expect(segments).toHaveLength(1);
    expect(read(segments)).toEqual([1, 2, 3]);
  });

  it('part what goes over the end of a slab', () => {
    const slabs = new SendSlabs();
    const segments: Segment[] = [];
    const part = Uint8Array.from({ length: 300_000 }, (_, index) => index & 0xff);
    slabs.append(part, segments);
    slabs.append(part, segments);
    expect(segments).toHaveLength(3);
    expect(read(segments)).toEqual([...part, ...part]);
  });

  it('use the same memory again once it is released', () => {
    const slabs = new SendSlabs();
    const used = new Set<Uint8Array>();
    for (let count = 0; count < 100; count++) {
      const segments: Segment[] = [];
      slabs.append(new Uint8Array(200_000), segments);
      for (const { slab } of segments) used.add(slab.bytes);
      slabs.release(segments);
    }
    expect(used.size).toBeLessThanOrEqual(2);
  });

  it('never write over what is not released, whoever sends and releases in whatever order', () => {
    const step = record({
      owner: integer({ min: 0, max: 3 }),
      bytes: integer({ min: 0, max: 120_000 }),
      releases: boolean(),
    });
    assert(
      property(array(step, { maxLength: 60 }), (steps) => {
        const slabs = new SendSlabs();
        const owners = [0, 1, 2, 3].map((owner) => ({ fill: owner + 1, byteCount: 0, segments: new Array<Segment>() }));
        for (const { owner: index, bytes, releases } of steps) {
          const owner = owners[index];
          if (owner === undefined) continue;
          if (releases) {
            slabs.release(owner.segments.splice(0));
            owner.byteCount = 0;
          }
          slabs.append(new Uint8Array(bytes).fill(owner.fill), owner.segments);
          owner.byteCount += bytes;
          for (const { fill, byteCount, segments } of owners) {
            const lengths = segments.map(({ start, end }) => end - start);
            expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(byteCount);
            const isUntouched = segments.every(({ slab, start, end }) =>
              slab.bytes.subarray(start, end).every((byte) => byte === fill),
            );
            expect(isUntouched).toBe(true);
          }
        }
      }),
      { numRuns: 30 },
    );
  });
});
