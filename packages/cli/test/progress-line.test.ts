import { describe, expect, it } from 'vitest';

import type { ProgressEvent, StallReason } from '../src/index.js';
import { progressLine, stallLine } from '../src/progress-line.js';

const MIB = 1024 * 1024;
const HALF: ProgressEvent = {
  kind: 'progress',
  bytes: 50 * MIB,
  total: 100 * MIB,
  downRate: 5 * MIB,
  upRate: MIB,
  peers: 3,
};

describe('progressLine', () => {
  it('says percent, bytes, rates, peers and the time left', () => {
    expect(progressLine(HALF)).toBe('50.0%  50 MiB of 100 MiB  down 5 MiB/s  up 1 MiB/s  3 peers  10s left');
  });

  it('draws a bar as wide as the terminal leaves room for', () => {
    expect(progressLine(HALF, 200)).toMatch(/^\[#{15}-{15}\] {2}50\.0%/);
    expect(progressLine(HALF, 90)).toMatch(/^\[#{8}-{8}\] {2}50\.0%/);
    expect(progressLine(HALF, 80)).toMatch(/^50\.0%/);
  });

  it.each([1, 10, 40, 79, 80, 81, 85, 100, 300])('never fills the last of %i columns', (columns) => {
    expect(progressLine(HALF, columns).length).toBeLessThan(columns);
  });

  it('never promises less than a second', () => {
    expect(progressLine({ ...HALF, downRate: 500 * MIB })).toContain(' 1s left');
  });

  it('leaves the time out when nothing arrives', () => {
    expect(progressLine({ ...HALF, downRate: 0 })).not.toContain('left');
    expect(progressLine({ ...HALF, downRate: 1e-9 })).not.toContain('left');
  });

  it('speaks of sharing when nothing is missing', () => {
    expect(progressLine({ ...HALF, bytes: HALF.total, downRate: 0 })).toBe('sharing  up 1 MiB/s  3 peers');
    expect(progressLine({ ...HALF, bytes: 0, total: 0 }, 100)).toBe('sharing  up 1 MiB/s  3 peers');
    expect(progressLine({ ...HALF, bytes: HALF.total }, 10)).toBe('sharing  ');
  });
});

describe('stallLine', () => {
  it('has words for every reason, and none while bytes arrive', () => {
    const reasons: readonly StallReason[] = [
      'disk-error',
      'no-peers-left',
      'no-peers-known',
      'connecting',
      'no-metadata',
      'pieces-missing',
      'choked',
      'silent',
    ];
    const lines = reasons.map((stall) => stallLine({ ...HALF, stall }));
    expect(new Set(lines).size).toBe(reasons.length);
    for (const line of lines) expect(line).toMatch(/^Not downloading: .{20,}\.$/);
    expect(stallLine(HALF)).toBeUndefined();
  });
});
