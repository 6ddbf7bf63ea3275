import { parseArgs } from 'node:util';

import { PROGRAM_NAMES, type ProgramName } from './programs/program.js';

/** What is to be measured. */
export interface Settings {
  readonly cases: readonly CaseName[];
  /** Measured beside our own. */
  readonly against: readonly ProgramName[];
  readonly runCount: number;
  /** Bytes to copy; each case has its own default. */
  readonly byteCount: number | undefined;
  readonly pieceSizes: readonly number[] | undefined;
  readonly jsonPath: string | undefined;
}

export const CASE_NAMES = ['transfer', 'swarm'] as const;
export type CaseName = (typeof CASE_NAMES)[number];

export const USAGE = `usage: pnpm bench [case…] [options]

cases: ${CASE_NAMES.join(', ')} (default: transfer)

  --against LIST      of ${PROGRAM_NAMES.slice(1).join(', ')}; or "none" (default: libtorrent);
                      the bare loop always runs, to tell how quiet the machine is
  --runs N            rounds, in each of which everything runs once (default: 5)
  --size SIZE         bytes to copy, such as 256MiB (default: 1GiB for transfer, 256MiB for swarm)
  --piece-size LIST   such as 64KiB,1MiB (default: that for transfer, 256KiB for swarm)
  --json FILE         writes every measurement there
  --help`;

/** @returns the settings, or nothing when help was asked for
 *  @throws {Error} with a sentence for the person who typed it */
export function parseSettings(args: readonly string[]): Settings | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      against: { type: 'string', default: 'libtorrent' },
      runs: { type: 'string', default: '5' },
      size: { type: 'string' },
      'piece-size': { type: 'string' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const against = values.against === 'none' ? [] : values.against.split(',');
  const sizes = values['piece-size'];
  return {
    cases: positionals.length === 0 ? ['transfer'] : positionals.map((name) => oneOf(CASE_NAMES, name, 'case')),
    against: against.map((name) => oneOf(PROGRAM_NAMES, name, 'program')).filter((name) => name !== 'ours'),
    runCount: parseCount(values.runs),
    byteCount: values.size === undefined ? undefined : parseSize(values.size),
    pieceSizes: sizes?.split(',').map(parseSize),
    jsonPath: values.json,
  };
}

function oneOf<T extends string>(names: readonly T[], name: string, what: string): T {
  const found = names.find((candidate) => candidate === name);
  if (found === undefined) throw new Error(`unknown ${what} "${name}"; there are ${names.join(', ')}`);
  return found;
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1)
    throw new Error(`expected a whole number from 1 for --runs, got "${text}"`);
  return count;
}

function parseSize(text: string): number {
  const [, number, unit = 'B'] = /^(\d+)(B|KiB|MiB|GiB)?$/.exec(text) ?? [];
  if (number === undefined) throw new Error(`expected a size such as 64KiB or 1GiB, got "${text}"`);
  return Number(number) * 1024 ** ['B', 'KiB', 'MiB', 'GiB'].indexOf(unit);
}
