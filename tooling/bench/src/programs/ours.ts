import { formatAddress, ManagedProcess, OurNode, ourNodeProgram } from '@p2p/interop';

import { LONGEST_RUN_MS, type Program } from './program.js';

/** Our node, by the commands that people type. */
export const ours: Program = {
  name: 'ours',
  canDial: true,

  async seed(job, site) {
    const node = new OurNode(site, OPTIONS);
    const address = await node.seed(job.torrent, job.sourceFolder);
    return { pid: node.process.pid, address, stop: () => node.stop() };
  },

  async leech(job, site, folder, seeder) {
    const node = new OurNode(site, OPTIONS);
    const { address, completed } = await node.fetch({ kind: 'torrent', torrent: job.torrent }, folder, [seeder]);
    return { pid: node.process.pid, address, completed, stop: () => node.stop() };
  },

  async fetchAndLeave(job, site, folder, seeder) {
    const where = ['--out', folder, '--bind', site.host, '--port', '0', '--state-dir', `${site.stateFolder}/state`];
    const args = ['get', job.torrent.path, '--peer', formatAddress(seeder), ...where, '--exit', '--json'];
    const running = ManagedProcess.start(process.execPath, [ourNodeProgram(), ...args]);
    await running.finish('get', LONGEST_RUN_MS);
  },
};

const OPTIONS = { timeoutMs: LONGEST_RUN_MS };
