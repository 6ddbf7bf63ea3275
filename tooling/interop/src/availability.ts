import { spawnSync } from 'node:child_process';

import { LIBTORRENT_PYTHON } from './libtorrent-client.js';

/** What the suites need of the machine, and the command that asks for it. */
export const NEEDED_PROGRAMS = {
  libtorrent: { command: LIBTORRENT_PYTHON, args: ['-c', 'import libtorrent'], debian: 'python3-libtorrent' },
  Transmission: { command: 'transmission-daemon', args: ['--version'], debian: 'transmission-daemon' },
  aria2: { command: 'aria2c', args: ['--version'], debian: 'aria2' },
  rtorrent: { command: 'rtorrent', args: ['-h'], debian: 'rtorrent' },
} as const;

export type ForeignClientName = keyof typeof NEEDED_PROGRAMS;

/** Why this client cannot be driven here, as a sentence; nothing when it can. */
export function whyMissing(name: ForeignClientName): string | undefined {
  const { command, args, debian } = NEEDED_PROGRAMS[name];
  if (spawnSync(command, args, { stdio: 'ignore' }).status === 0) return undefined;
  return `${name} is not installed (Debian: apt-get install ${debian})`;
}
