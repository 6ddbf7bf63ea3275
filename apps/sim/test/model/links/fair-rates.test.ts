import { array, assert, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';

import { fairRates } from '../../../src/model/links/fair-rates.js';

const flow = (from: number, to: number, cap = Infinity) => ({ from, to, cap });

describe('max-min fair rates', () => {
  it('share a link alike, and give to others what one cannot take', () => {
    const hosts = [
      { up: 90, down: 90 },
      { up: 90, down: 10 },
      { up: 90, down: 90 },
    ];
    expect([...fairRates(hosts, [flow(0, 1), flow(0, 2)])]).toEqual([10, 80]);
    expect([...fairRates(hosts, [flow(0, 2), flow(0, 2), flow(0, 2)])]).toEqual([30, 30, 30]);
    expect([...fairRates(hosts, [flow(0, 2, 20), flow(0, 2), flow(2, 0)])]).toEqual([20, 70, 90]);
  });

  it('leave no flow that could get more without a poorer one getting less', () => {
    const host = record({ up: integer({ min: 1, max: 50 }), down: integer({ min: 1, max: 50 }) });
    const between = record({ from: integer({ min: 0, max: 3 }), to: integer({ min: 0, max: 3 }) });
    assert(
      property(array(host, { minLength: 4, maxLength: 4 }), array(between, { maxLength: 10 }), (hosts, pairs) => {
        const flows = pairs.map(({ from, to }) => flow(from, to));
        const rates = fairRates(hosts, flows);
        for (const [index, { from, to }] of flows.entries()) {
          const rate = rates[index] ?? 0;
          const links = [
            {
              capacity: hosts[from]?.up ?? 0,
              shares: flows.flatMap((f, i) => (f.from === from ? [rates[i] ?? 0] : [])),
            },
            { capacity: hosts[to]?.down ?? 0, shares: flows.flatMap((f, i) => (f.to === to ? [rates[i] ?? 0] : [])) },
          ];
          for (const { capacity, shares } of links) expect(sum(shares)).toBeLessThanOrEqual(capacity + 1e-6);
          // One of its links is full, and nobody on it has more: that is what max-min fair means.
          const isHeld = ({ capacity, shares }: { capacity: number; shares: number[] }) =>
            sum(shares) > capacity - 1e-6 && shares.every((share) => share <= rate + 1e-6);
          expect(links.some(isHeld)).toBe(true);
        }
      }),
    );
  });
});

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
