import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ManagedProcess } from '@p2p/interop';

import { fileAppears } from './file-appears.js';
import type { Job, Program, Running, Site } from './program.js';
import { torrentWithTracker } from './torrent-with-tracker.js';

/** rtorrent (libtorrent-rakshasa), which has nothing in common with libtorrent but the name. It takes no loopback peers. */
export const rtorrent: Program = {
  name: 'rtorrent',
  canDial: true,

  async seed(job, site) {
    const ready = join(site.stateFolder, 'ready');
    const running = await start(job, site, job.sourceFolder, [hook('event.download.hash_done', ready)]);
    await fileAppears(ready);
    return running;
  },

  async leech(job, site, folder, seeder) {
    const done = join(site.stateFolder, 'done');
    const dial = `method.set_key = event.download.resumed,p2p_dial,"add_peer=${seeder.host}:${seeder.port}"`;
    const running = await start(job, site, folder, [hook('event.download.finished', done), dial]);
    return { ...running, completed: fileAppears(done) };
  },
};

async function start(job: Job, site: Site, folder: string, hooks: readonly string[]): Promise<Running> {
  const session = join(site.stateFolder, 'session');
  await mkdir(session, { recursive: true });
  await mkdir(folder, { recursive: true });
  const configuration = join(site.stateFolder, 'rtorrent.rc');
  await writeFile(configuration, [...settings(site.host, session, folder), ...hooks, ''].join('\n'));
  // It takes no torrent without a tracker, so it gets one that nobody runs.
  const torrent = await torrentWithTracker(job.torrent, 'http://127.0.0.1:9/announce', site);
  const args = ['-n', '-o', `import=${configuration}`, torrent.path];
  const process = ManagedProcess.start('rtorrent', args, { cwd: site.stateFolder });
  return { pid: process.pid, address: { host: site.host, port: PORT }, stop: () => process.kill() };
}

function hook(event: string, path: string): string {
  return `method.set_key = ${event},p2p_hook,"execute.nothrow=touch,${path}"`;
}

function settings(host: string, session: string, folder: string): readonly string[] {
  return [
    'system.daemon.set = true',
    `session.path.set = ${session}`,
    `directory.default.set = ${folder}`,
    `network.bind_address.set = ${host}`,
    `network.port_range.set = ${PORT}-${PORT}`,
    'network.port_random.set = no',
    'dht.mode.set = disable',
    'protocol.pex.set = yes',
    'protocol.encryption.set = none',
    'trackers.use_udp.set = no',
    'pieces.hash.on_completion.set = no', // each piece was hashed when it came
  ];
}

const PORT = 6881;
