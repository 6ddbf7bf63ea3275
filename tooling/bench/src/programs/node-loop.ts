import { ManagedProcess } from '@p2p/interop';

import { scriptPath } from '../script-path.js';
import { LONGEST_RUN_MS, type Program } from './program.js';

/**
 * What Node can do with no protocol at all: one process sends the file over TCP, the other receives it, takes the SHA-1 of
 * each piece and writes it. The bound that we want to come close to, and the gauge of how quiet the machine is.
 */
export const nodeLoop: Program = {
  name: 'node-loop',
  canDial: true,

  async seed(job, site) {
    const path = `${job.sourceFolder}/${job.torrent.name}`;
    const sender = startScript('node-loop-sender', [site.host, String(PORT), path]);
    await sender.find((line) => line === 'listening' || undefined, 'line "listening"');
    return { pid: sender.pid, address: { host: site.host, port: PORT }, stop: () => sender.kill() };
  },

  leech(job, site, folder, seeder) {
    const path = `${folder}/${job.torrent.name}`;
    const args = [seeder.host, String(seeder.port), path, String(job.byteCount), String(job.pieceBytes)];
    const receiver = startScript('node-loop-receiver', args);
    const completed = receiver.find((line) => line === 'complete' || undefined, 'line "complete"', LONGEST_RUN_MS);
    return Promise.resolve({
      pid: receiver.pid,
      address: { host: site.host, port: PORT },
      completed: completed.then(() => undefined),
      stop: () => receiver.kill(),
    });
  },
};

function startScript(name: string, args: readonly string[]): ManagedProcess {
  return ManagedProcess.start(process.execPath, [scriptPath(name), ...args]);
}

const PORT = 6881;
