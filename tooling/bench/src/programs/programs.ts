import { whyMissing } from '@p2p/interop';

import { isNpmInstalled } from '../npm-programs.js';
import { aria2 } from './aria2.js';
import { libtorrent, libtorrentTuned } from './libtorrent.js';
import { nodeLoop } from './node-loop.js';
import { ours } from './ours.js';
import type { Program, ProgramName } from './program.js';
import { rtorrent } from './rtorrent.js';
import { transmission } from './transmission.js';
import { webtorrent } from './webtorrent.js';

export const PROGRAMS: Readonly<Record<ProgramName, Program>> = {
  ours,
  libtorrent,
  'libtorrent-tuned': libtorrentTuned,
  rtorrent,
  aria2,
  transmission,
  webtorrent,
  'node-loop': nodeLoop,
};

/** Runs in every round of every case: when its own time varies, the machine was not ours alone. */
export const GAUGE = 'node-loop' satisfies ProgramName;

/** Why this program cannot be measured here; nothing when it can. */
export function whyNotHere(name: ProgramName): string | undefined {
  switch (name) {
    case 'ours':
    case 'node-loop':
      return undefined;
    case 'webtorrent':
      return isNpmInstalled() ? undefined : 'webtorrent could not be installed from the npm registry';
    case 'transmission':
      return whyMissing('Transmission');
    case 'libtorrent-tuned':
      return whyMissing('libtorrent');
    case 'libtorrent':
    case 'rtorrent':
    case 'aria2':
      return whyMissing(name);
  }
}
