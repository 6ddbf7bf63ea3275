import { parseArgs } from 'node:util';

import { PROGRAM_NAMES, type ProgramName } from './programs/program.js';

/** What is to be measured. */
export interface Settings {
  readonly cases: readonly CaseName[];
  /** Measured beside our own. */
  readonly against: readonly ProgramName[];
  readonly runCount: number;
  /** Bytes to copy; each case has its own default. */
  readonly sizes: readonly number[] | undefined;
  readonly pieceSizes: readonly number[] | undefined;
  /** Where the files of `transfer` lie. */
  readonly media: readonly Medium[];
  readonly jsonPath: string | undefined;
}

export const CASES = {
  transfer: '1 GiB, one seeder to one leecher; with libtorrent in both directions',
  swarm: '256 MiB, one seeder to eight leechers who know only its address',
  small: '1 MiB file from process start to exit; start-up of --version and of share',
  many: '10,000 files of 4 KiB made into a torrent and copied; metadata of 100,000 tiny files',
  huge: '100 GiB sparse file: start from resume; the picker with 1.6 million pieces and 200 peers',
  create: 'hashing 4 GiB, against mktorrent and openssl',
  codec: 'messages encoded and decoded, against bittorrent-protocol and a memory copy',
  idle: 'memory and CPU of a seeder with 2,000 idle connections, for each of them',
  latency: 'share of a 100 Mb/s and a 1 Gb/s line that one peer 100 ms away fills',
  loop: 'event-loop delay of both nodes at full speed',
} as const satisfies Record<string, string>;

export type CaseName = keyof typeof CASES;
export const CASE_NAMES = Object.keys(CASES).filter((name): name is CaseName => name in CASES);

export const MEDIA = ['memory', 'disk'] as const;
export type Medium = (typeof MEDIA)[number];

const NAME_WIDTH = 10;

export const USAGE = `usage: pnpm bench [case…] [options]

cases (default: transfer):
${CASE_NAMES.map((name) => `  ${name.padEnd(NAME_WIDTH)} ${CASES[name]}`).join('\n')}

  --against LIST      of ${PROGRAM_NAMES.slice(1).join(', ')}; or "none" (default: libtorrent);
                      the bare loop always runs, to tell how quiet the machine is
  --runs N            rounds, in each of which everything runs once (default: 5)
  --size LIST         bytes to copy, such as 256MiB or, for transfer, 1GiB,8GiB (default: 1GiB for transfer,
                      256MiB for swarm, 4GiB for create)
  --piece-size LIST   such as 64KiB,1MiB (default: that for transfer, 256KiB for swarm)
  --on LIST           of ${MEDIA.join(', ')}: where the files of transfer lie (default: memory)
  --json FILE         writes every measurement there
  --help

examples:
  pnpm bench transfer --against rtorrent,libtorrent,aria2 --on memory,disk
  pnpm bench transfer --against none --piece-size 1MiB --size 1GiB,8GiB   is memory flat?
  pnpm bench codec small many create --runs 5 --json figures.json
  pnpm bench swarm --against rtorrent,webtorrent --runs 3`;

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
      on: { type: 'string', default: 'memory' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const against = values.against === 'none' ? [] : values.against.split(',');
  return {
    cases: positionals.length === 0 ? ['transfer'] : positionals.map((name) => oneOf(CASE_NAMES, name, 'case')),
    against: against.map((name) => oneOf(PROGRAM_NAMES, name, 'program')).filter((name) => name !== 'ours'),
    runCount: parseCount(values.runs),
    sizes: values.size?.split(',').map(parseSize),
    pieceSizes: values['piece-size']?.split(',').map(parseSize),
    media: values.on.split(',').map((name) => oneOf(MEDIA, name, 'medium')),
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
  if (number === undefined || Number(number) === 0)
    throw new Error(`expected a size such as 64KiB or 1GiB, got "${text}"`);
  return Number(number) * 1024 ** ['B', 'KiB', 'MiB', 'GiB'].indexOf(unit);
}
