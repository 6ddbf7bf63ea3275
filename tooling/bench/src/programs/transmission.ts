import { TransmissionClient } from '@p2p/interop';

import { HttpTracker } from './http-tracker.js';
import type { Program } from './program.js';
import { torrentWithTracker } from './torrent-with-tracker.js';

/** transmission-daemon as it comes. It cannot be told a peer, so its seeder comes with a tracker, as aria2's does. */
export const transmission: Program = {
  name: 'transmission',
  canDial: false,

  async seed(job, site) {
    const tracker = await HttpTracker.start(site.host);
    const client = new TransmissionClient(site);
    const address = await client.seed(await torrentWithTracker(job.torrent, tracker.url, site), job.sourceFolder);
    await tracker.announced(address);
    const stop = async (): Promise<void> => {
      await client.stop();
      await tracker.stop();
    };
    return { pid: client.pid, address, stop };
  },

  async leech(job, site, folder, seeder) {
    const client = new TransmissionClient(site);
    const torrent = await torrentWithTracker(job.torrent, HttpTracker.urlAt(seeder.host), site);
    const { address, completed } = await client.fetch({ kind: 'torrent', torrent }, folder, []);
    return { pid: client.pid, address, completed, stop: () => client.stop() };
  },
};
