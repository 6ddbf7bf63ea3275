import { CliError } from '@p2p/cli';

import { SimError } from '../sim-error.js';

/** One of `count` equal shares of a sweep. */
export interface Shard {
  /** From 0 to `count - 1`. */
  readonly index: number;
  readonly count: number;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads `--shard k/n`: the k-th of n shares, counted from 1, as test runners count theirs.
 *
 * @throws {CliError} `usage`
 */
export function parseShard(text: string): Shard {
  const [, place = '', count = ''] = /^(\d{1,6})\/(\d{1,6})$/.exec(text.trim()) ?? [];
  const shard = { index: Number(place) - 1, count: Number(count) };
  if (place === '' || shard.index < 0 || shard.index >= shard.count) {
    throw new CliError('usage', `expected a share such as 1/8, the first of eight, up to 8/8, got "${text}"`);
  }
  return shard;
}

/**
 * Which share of a sweep this process does: what `--shard` says, else what the scheduler that started us says, else all.
 *
 * - Kubernetes Indexed Job: `JOB_COMPLETION_INDEX`, with the number of shares in `P2P_SIM_SHARDS`, because Kubernetes tells a
 *   container its index but not how many there are.
 * - Slurm array: `SLURM_ARRAY_TASK_ID` within `…_MIN` and `…_COUNT`, in steps of `…_STEP`. With `P2P_SIM_SHARDS` set the id
 *   itself is the index, from 0: so a part of an array can be submitted again (`--array=3,7`) and does the same work.
 *
 * @throws {SimError} `bad-option` if the scheduler's variables do not say which share, rather than do all the work once more
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/job/#completion-mode
 * @see https://slurm.schedmd.com/job_array.html
 */
export function shardOf(option: Shard | undefined, environment: Environment): Shard {
  if (option !== undefined) return option;
  if (environment['JOB_COMPLETION_INDEX'] !== undefined) return kubernetesShard(environment);
  if (environment['SLURM_ARRAY_TASK_ID'] !== undefined) return slurmShard(environment);
  return WHOLE;
}

/**
 * The share's part of the work, in the order of the work. Every item is in exactly one share. Neighbours go to different
 * shares, because neighbours (like the sizes of a sweep) tend to cost alike.
 */
export function ownShare<T>(work: readonly T[], { index, count }: Shard): T[] {
  return work.filter((_, position) => position % count === index);
}

/**
 * The seeds of a sweep that this process runs. One seed is no sweep, whoever started us: without `--shard` it is run, so that
 * the line that a failing seed prints replays it in a scheduler's shell as well.
 *
 * @throws {SimError} `bad-option`, as `shardOf`
 */
export function ownSeeds(seeds: readonly number[], option: Shard | undefined, environment: Environment): number[] {
  if (option === undefined && seeds.length === 1) return [...seeds];
  return ownShare(seeds, shardOf(option, environment));
}

const WHOLE: Shard = { index: 0, count: 1 };

function kubernetesShard(environment: Environment): Shard {
  const index = whole(environment, 'JOB_COMPLETION_INDEX', 0);
  if (environment['P2P_SIM_SHARDS'] === undefined) {
    throw new SimError(
      'bad-option',
      'JOB_COMPLETION_INDEX is set, but not how many shares there are: set P2P_SIM_SHARDS to the job’s `completions`, or give --shard',
    );
  }
  return inside({ index, count: whole(environment, 'P2P_SIM_SHARDS', 1) }, 'JOB_COMPLETION_INDEX', 'P2P_SIM_SHARDS');
}

function slurmShard(environment: Environment): Shard {
  const id = whole(environment, 'SLURM_ARRAY_TASK_ID', 0);
  if (environment['P2P_SIM_SHARDS'] !== undefined) {
    const count = whole(environment, 'P2P_SIM_SHARDS', 1);
    return inside({ index: id, count }, 'SLURM_ARRAY_TASK_ID', 'P2P_SIM_SHARDS');
  }
  const count = whole(environment, 'SLURM_ARRAY_TASK_COUNT', 1);
  const least = whole(environment, 'SLURM_ARRAY_TASK_MIN', 0);
  const step = environment['SLURM_ARRAY_TASK_STEP'] === undefined ? 1 : whole(environment, 'SLURM_ARRAY_TASK_STEP', 1);
  const index = (id - least) / step;
  if (!Number.isInteger(index) || index < 0 || index >= count) {
    throw new SimError(
      'bad-option',
      `SLURM_ARRAY_TASK_ID is ${id} in an array of ${count} from ${least} in steps of ${step}, so that it has no place of its own: use an array without gaps, such as --array=0-7, or set P2P_SIM_SHARDS`,
    );
  }
  return { index, count };
}

function inside(shard: Shard, indexName: string, countName: string): Shard {
  if (shard.index < shard.count) return shard;
  throw new SimError(
    'bad-option',
    `${indexName}: expected less than ${countName}, which is ${shard.count}, got ${shard.index}`,
  );
}

function whole(environment: Environment, name: string, least: number): number {
  const text = environment[name];
  const value = Number(text);
  if (text === undefined || !/^\d{1,9}$/.test(text) || value < least) {
    throw new SimError('bad-option', `${name}: expected a whole number from ${least}, got ${describe(text)}`);
  }
  return value;
}

function describe(text: string | undefined): string {
  return text === undefined ? 'nothing (it is not set)' : `"${text}"`;
}
