import { describe, expect, it } from 'vitest';

import { sim } from '../sim.js';

describe('p2p-sim soup', () => {
  it('refuses a file that it cannot write to before it runs anything', async () => {
    const { exitCode, stdout, stderr } = await sim(['soup', '--seeds', '1', '--json', '/no/such/folder/soup.jsonl']);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^p2p-sim: --json: expected a file that can be written to: ENOENT/);
  });
});
