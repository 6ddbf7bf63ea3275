import { CliError } from '@p2p/cli';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { SimError } from '../../src/sim-error.js';
import { ownSeeds, ownShare, parseShard, shardOf } from '../../src/sweep/shard.js';

const slurm = (id: string, count = '4', min = '0') => ({
  SLURM_ARRAY_TASK_ID: id,
  SLURM_ARRAY_TASK_COUNT: count,
  SLURM_ARRAY_TASK_MIN: min,
});

describe('parseShard', () => {
  it('counts shares from 1', () => {
    expect(parseShard('1/8')).toEqual({ index: 0, count: 8 });
    expect(parseShard(' 8/8 ')).toEqual({ index: 7, count: 8 });
  });

  it.each(['', '1', '0/8', '9/8', '1/0', '-1/8', '1/8/2', '1.5/8', 'one/two', '1/9999999'])('refuses "%s"', (text) => {
    expect(() => parseShard(text)).toThrow(CliError);
    expect(() => parseShard(text)).toThrow(`got "${text}"`);
  });
});

describe('shardOf', () => {
  it('is the whole sweep where nobody says otherwise', () => {
    expect(shardOf(undefined, {})).toEqual({ index: 0, count: 1 });
    expect(shardOf(undefined, { P2P_SIM_SHARDS: '8' })).toEqual({ index: 0, count: 1 });
  });

  it('believes the option before any scheduler', () => {
    expect(shardOf({ index: 2, count: 3 }, { JOB_COMPLETION_INDEX: '0' })).toEqual({ index: 2, count: 3 });
  });

  it('reads the index of a Kubernetes Indexed Job, and the count that its manifest sets', () => {
    const environment = { JOB_COMPLETION_INDEX: '7', P2P_SIM_SHARDS: '8' };
    expect(shardOf(undefined, environment)).toEqual({ index: 7, count: 8 });
  });

  it('reads a Slurm array that begins anywhere, in any steps', () => {
    expect(shardOf(undefined, slurm('0'))).toEqual({ index: 0, count: 4 });
    expect(shardOf(undefined, slurm('4', '4', '1'))).toEqual({ index: 3, count: 4 });
    const stepped = { ...slurm('14', '3', '10'), SLURM_ARRAY_TASK_STEP: '2' };
    expect(shardOf(undefined, stepped)).toEqual({ index: 2, count: 3 });
  });

  it('gives a task that Slurm runs once more, alone, the work it had, if it knows how many there were', () => {
    const again = { ...slurm('3', '1', '3'), P2P_SIM_SHARDS: '8' };
    expect(shardOf(undefined, again)).toEqual({ index: 3, count: 8 });
  });

  it.each([
    ['an index without a count', { JOB_COMPLETION_INDEX: '0' }, 'P2P_SIM_SHARDS'],
    ['an index that is not below the count', { JOB_COMPLETION_INDEX: '8', P2P_SIM_SHARDS: '8' }, 'got 8'],
    ['an index that is no number', { JOB_COMPLETION_INDEX: 'x', P2P_SIM_SHARDS: '8' }, 'got "x"'],
    ['an empty index', { JOB_COMPLETION_INDEX: '', P2P_SIM_SHARDS: '8' }, 'got ""'],
    ['no shares', { JOB_COMPLETION_INDEX: '0', P2P_SIM_SHARDS: '0' }, 'from 1, got "0"'],
    ['an array without its size', { SLURM_ARRAY_TASK_ID: '1' }, 'SLURM_ARRAY_TASK_COUNT: expected'],
    ['an array with gaps', slurm('9', '3', '1'), 'without gaps'],
    ['a task before the first', slurm('0', '3', '1'), 'no place of its own'],
  ])('refuses %s rather than do all the work', (_, environment, named) => {
    expect(() => shardOf(undefined, environment)).toThrow(SimError);
    expect(() => shardOf(undefined, environment)).toThrow(named);
  });
});

describe('ownShare', () => {
  it('deals the work out like cards', () => {
    expect(ownShare([10, 11, 12, 13, 14], { index: 1, count: 3 })).toEqual([11, 14]);
    expect(ownShare([10], { index: 1, count: 3 })).toEqual([]);
  });

  it('gives every item to exactly one share, and no share two items more than another', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.integer({ min: 1, max: 40 }), (length, count) => {
        const work = Array.from({ length }, (_, item) => item);
        const shares = Array.from({ length: count }, (_, index) => ownShare(work, { index, count }));
        expect(shares.flat().sort((a, b) => a - b)).toEqual(work);
        const sizes = shares.map((share) => share.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('ownSeeds', () => {
  const third = { JOB_COMPLETION_INDEX: '2', P2P_SIM_SHARDS: '8' };

  it('are those of the share that the scheduler says', () => {
    expect(ownSeeds([1, 2, 3, 4], undefined, third)).toEqual([3]);
  });

  it('are the only seed that there is, whatever the scheduler says', () => {
    expect(ownSeeds([1234], undefined, third)).toEqual([1234]);
    expect(ownSeeds([1234], undefined, { JOB_COMPLETION_INDEX: '2' })).toEqual([1234]);
  });

  it('are none of one seed in a share that a person asked for', () => {
    expect(ownSeeds([1234], { index: 1, count: 2 }, {})).toEqual([]);
  });
});
