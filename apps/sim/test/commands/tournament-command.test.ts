import { describe, expect, it } from 'vitest';

import { sim } from '../sim.js';

const SMALL = ['tournament', '--scenarios', 'S02,S10', '--peers', '2', '--pieces', '2', '--seeds', '1,2'];

describe('p2p-sim tournament', () => {
  it('ranks every rule over all scenarios', async () => {
    const { exitCode, stdout } = await sim([...SMALL, '--set', 'uploadSlots=1']);
    expect(exitCode).toBe(0);
    const [header = '', ...rows] = stdout.split('\n');
    expect(header).toMatch(/choker +S02 +S10 +sum of ranks/);
    const named = rows.filter((row) => /\(\d\)/.test(row)).map((row) => row.trim().split(' ')[0]);
    expect(named.sort()).toEqual(['anti-leech', 'cooperative', 'proportional-share', 'rate-based', 'round-robin']);
  });

  it('prints a line for each run that names its rule, for the report', async () => {
    const { stdout } = await sim([...SMALL, '--json']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(2 * 5 * 2);
    expect(lines.filter((line) => line.includes('"settings":{"choker":"cooperative"}'))).toHaveLength(4);
  });

  it('refuses a scenario that there is not, before it runs any', async () => {
    const { exitCode, stdout, stderr } = await sim(['tournament', '--scenarios', 'S02,S99']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('S99');
    expect(stdout).toBe('');
  });
});
