import { formatAddress, ManagedProcess, type PeerAddress } from '@p2p/interop';

import { npmFolder } from '../npm-programs.js';
import { scriptPath } from '../script-path.js';
import { LONGEST_RUN_MS, type Job, type Program, type Site } from './program.js';

/** WebTorrent over TCP alone. */
export const webtorrent: Program = {
  name: 'webtorrent',
  canDial: true,

  async seed(job, site) {
    const running = start(job, site, job.sourceFolder, ['stay']);
    await running.find(isComplete, 'line "complete"', LONGEST_RUN_MS);
    return { pid: running.pid, address: addressOf(site), stop: () => running.kill() };
  },

  leech(job, site, folder, seeder) {
    const running = start(job, site, folder, ['stay', formatAddress(seeder)]);
    const completed = running.find(isComplete, 'line "complete"', LONGEST_RUN_MS).then(() => undefined);
    return Promise.resolve({ pid: running.pid, address: addressOf(site), completed, stop: () => running.kill() });
  },

  async fetchAndLeave(job, site, folder, seeder) {
    const running = start(job, site, folder, ['leave', formatAddress(seeder)]);
    await running.finish('webtorrent', LONGEST_RUN_MS);
  },
};

function start(job: Job, site: Site, folder: string, args: readonly string[]): ManagedProcess {
  const script = scriptPath('webtorrent-node');
  return ManagedProcess.start(process.execPath, [script, npmFolder(), site.host, job.torrent.path, folder, ...args]);
}

function isComplete(line: string): true | undefined {
  return line === 'complete' || undefined;
}

function addressOf(site: Site): PeerAddress {
  return { host: site.host, port: 42_000 + Number(site.host.split('.').at(-1)) };
}
