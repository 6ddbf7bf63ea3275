import { describe, expect, it } from 'vitest';

import { modelResultSchema } from '../../src/report/result-schema.js';
import { sim } from '../sim.js';

const SMALL = ['model', '--scenario', 'S01', '--peers', '2', '--pieces', '2', '--json'];

function seedsIn(stdout: string): unknown[] {
  return stdout
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const result: unknown = JSON.parse(line);
      return typeof result === 'object' && result !== null && 'seed' in result ? result.seed : undefined;
    });
}

describe('p2p-sim model', () => {
  it('prints with a result the command that gives the same run again, though replaced peers are counted too', async () => {
    const args = ['--scenario', 'S06', '--peers', '5', '--seed', '3', '--pieces', '4', '--piece-size', '32KiB'];
    const first = await sim(['model', ...args, '--set', 'churnShare=0.4', '--json']);
    const { command, peers, traceHash } = modelResultSchema.parse(JSON.parse(first.stdout));
    expect(peers).toBe(7);
    const again = await sim([...command.split(' ').slice(1), '--json']);
    expect(JSON.parse(again.stdout)).toMatchObject({ command, peers, traceHash });
  });

  it('is content with an overlay of peers that have nothing to fetch', async () => {
    const args = ['model', '--scenario', 'O3', '--peers', '12', '--set', 'arrivalSeconds=5'];
    const { exitCode, stdout } = await sim(args);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/0 did not finish/);
    expect(stdout).not.toMatch(/Infinity|again/);
  });
});

describe('p2p-sim model --seeds', () => {
  it('prints a line for each seed, in order', async () => {
    const { exitCode, stdout } = await sim([...SMALL, '--seeds', '3..5']);
    expect(exitCode).toBe(0);
    expect(seedsIn(stdout)).toEqual([3, 4, 5]);
  });

  it('does its own share only, so that all shares together do everything once', async () => {
    const shares = ['1/2', '2/2'].map((shard) => sim([...SMALL, '--seeds', '1..5', '--shard', shard]));
    const [first, second] = await Promise.all(shares);
    expect(seedsIn(first?.stdout ?? '')).toEqual([1, 3, 5]);
    expect(seedsIn(second?.stdout ?? '')).toEqual([2, 4]);
  });

  it('ends between two runs when it is interrupted, however small they are', async () => {
    const controller = new AbortController();
    setImmediate(() => controller.abort());
    const { exitCode, stdout } = await sim([...SMALL, '--seeds', '1..50'], 'honest', controller.signal);
    expect(exitCode).toBe(130);
    expect(seedsIn(stdout).length).toBeLessThan(3);
  });

  it.each([
    ['a share', ['--seeds', '1..5', '--shard', '3/2'], '--shard'],
    ['seeds', ['--seeds', '5..1'], '--seeds'],
    ['a seed beside seeds', ['--seeds', '1..2', '--seed', '3'], '--seed'],
    ['a share of one run', ['--shard', '1/2'], '--shard: expected --seeds beside it'],
  ])('refuses %s that cannot be, with exit code 2', async (_, args, named) => {
    const { exitCode, stderr } = await sim([...SMALL, ...args]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(named);
  });
});
