import { spawnSync } from 'node:child_process';

import { NEEDED_PROGRAMS, type ForeignClientName } from '@p2p/interop';

import { installNpmPrograms } from './npm-programs.js';
import type { ProgramName } from './programs/program.js';
import { whyNotHere } from './programs/programs.js';
import type { CaseName, Settings } from './settings.js';

/** Installs what these settings need and the machine lacks; what cannot be installed is left out later, with the reason. */
export function installMissing(settings: Settings): void {
  if (needsNpm(settings)) installNpmPrograms();
  for (const debian of missingPackages(settings)) installDebianPackage(debian);
}

/** Whether anything from the npm registry is measured. */
export function needsNpm({ cases, against }: Pick<Settings, 'cases' | 'against'>): boolean {
  return against.includes('webtorrent') || cases.includes('codec') || cases.includes('small');
}

function missingPackages({ cases, against }: Settings): readonly string[] {
  const clients = against.flatMap((name) => {
    const client = CLIENTS[name];
    return client === undefined || whyNotHere(name) === undefined ? [] : [NEEDED_PROGRAMS[client].debian];
  });
  const tools = cases.flatMap((name) => TOOLS[name] ?? []).filter((tool) => !isOnPath(tool));
  return [...new Set([...clients, ...tools])];
}

function installDebianPackage(name: string): void {
  if (process.getuid?.() !== 0) {
    console.error(`${name} is missing; as root this would install it: apt-get install ${name}`);
    return;
  }
  console.error(`installing the Debian package ${name}`);
  const args = ['install', '--yes', '--no-install-recommends', name];
  const { status } = spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) console.error(`apt-get install ${name} failed`);
}

/** Whether a command of this name can be run. */
export function isOnPath(command: string): boolean {
  return spawnSync('sh', ['-c', 'command -v "$1"', 'sh', command], { stdio: 'ignore' }).status === 0;
}

const CLIENTS: Partial<Readonly<Record<ProgramName, ForeignClientName>>> = {
  libtorrent: 'libtorrent',
  'libtorrent-tuned': 'libtorrent',
  rtorrent: 'rtorrent',
  aria2: 'aria2',
  transmission: 'Transmission',
};
/** Commands that a case measures against; their Debian packages are named alike. */
const TOOLS: Partial<Readonly<Record<CaseName, readonly string[]>>> = { create: ['mktorrent', 'openssl'] };
