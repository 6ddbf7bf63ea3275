import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { parseProcessUsage, readProcessUsage } from '../../src/run/process-usage.js';

const STAT = '4242 (no) de (x) S 1 4242 4242 0 -1 4194304 100 0 0 0 250 75 11 22 20 0 11 0 12345 1 2 3';
const STATUS = 'Name:\tnode\nVmPeak:\t  999999 kB\nVmHWM:\t   81920 kB\nVmRSS:\t   70000 kB\n';

describe('parseProcessUsage', () => {
  it('adds user and system time, not that of children, although the name holds spaces and parentheses', () => {
    expect(parseProcessUsage(STAT, STATUS)).toEqual({ cpuSeconds: 3.25, peakRssBytes: 81_920 * 1024 });
  });

  it('knows nothing of a process that has exited, or of text it cannot read', () => {
    expect(parseProcessUsage(STAT, 'Name:\tnode\nState:\tZ (zombie)\n')).toBeUndefined();
    expect(parseProcessUsage('', '')).toBeUndefined();
  });
});

describe.runIf(process.platform === 'linux')('readProcessUsage', () => {
  it('agrees with what a process knows of itself', async () => {
    const usage = await readProcessUsage(process.pid);
    const { userCPUTime, systemCPUTime } = process.resourceUsage();
    // The kernel counts in ticks of 10 ms, and we have worked between the two readings.
    expect(usage?.cpuSeconds).toBeCloseTo((userCPUTime + systemCPUTime) / 1e6, 0);
    expect(usage?.peakRssBytes).toBeGreaterThan(process.memoryUsage.rss() / 2);
  });

  it('knows nothing of a process that does not exist', async () => {
    const unused = Number(readFileSync('/proc/sys/kernel/pid_max', 'utf8'));
    expect(await readProcessUsage(unused)).toBeUndefined();
  });
});
