import { describe, expect, it } from 'vitest';

import { resolveRunOptions } from '../../src/run/run-options.js';
import { SimError } from '../../src/sim-error.js';

const least = { nodeCount: 2, lengthBytes: 1 };

describe('resolveRunOptions', () => {
  it('completes the least that must be said', () => {
    expect(resolveRunOptions(least)).toMatchObject({
      seederCount: 1,
      seed: 1,
      isBootstrapOnly: true,
      keepsFiles: false,
    });
  });

  it.each([
    ['--peers', { nodeCount: 1 }],
    ['--peers', { nodeCount: 501 }],
    ['--seeders', { seederCount: 0 }],
    ['--size', { lengthBytes: 0 }],
    ['--size', { lengthBytes: 2 ** 40 + 1 }],
    ['--seed', { seed: -1 }],
    ['--piece-size', { pieceLengthBytes: 1000 }],
    ['--limit-up', { uploadBytesPerSecond: 0 }],
    ['--limit-down', { downloadBytesPerSecond: 0.5 }],
  ])('refuses a bad %s by name', (name, change) => {
    const resolve = () => resolveRunOptions({ ...least, ...change });
    expect(resolve).toThrow(SimError);
    expect(resolve).toThrow(`${name}: expected a whole number`);
  });

  it('refuses a run in which nobody would download', () => {
    expect(() => resolveRunOptions({ nodeCount: 4, seederCount: 4, lengthBytes: 1 })).toThrow(
      '--seeders: expected a whole number from 1 to 3 (one less than --peers), got 4',
    );
  });
});
