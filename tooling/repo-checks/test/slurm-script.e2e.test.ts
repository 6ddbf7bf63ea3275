// Goal: the Slurm script does its share, and another task the rest.
// Method: it is run as Slurm would, with the variables of an array set, on a swarm of two.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import { repositoryRoot } from '../src/workspace.js';

it('runs a share of the sweep in each task of the array', { timeout: 120_000 }, () => {
  const results = mkdtempSync(join(tmpdir(), 'p2p-slurm-'));
  onTestFinished(() => rmSync(results, { recursive: true, force: true }));
  const shares = ['0', '1'].map((task) => {
    const array = { SLURM_ARRAY_TASK_ID: task, SLURM_ARRAY_TASK_COUNT: '2', SLURM_ARRAY_TASK_MIN: '0' };
    const env = { ...process.env, ...array, RESULTS: results, PEERS: '2' };
    const { status, stderr } = spawnSync('bash', ['deploy/sim/sweep.sbatch'], {
      cwd: repositoryRoot,
      env,
      encoding: 'utf8',
    });
    expect(status, stderr).toBe(0);
    return readFileSync(join(results, `shard-${task}.jsonl`), 'utf8')
      .trimEnd()
      .split('\n');
  });
  expect(shares.map((lines) => lines.length)).toEqual([10, 10]);
  expect(new Set(shares.flat().map((line) => /"seed":\d+/.exec(line)?.[0])).size).toBe(20);
});
