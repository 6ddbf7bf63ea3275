import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ARIA2_QUIET_ARGS, ManagedProcess } from '@p2p/interop';

import { fileAppears } from './file-appears.js';
import { HttpTracker } from './http-tracker.js';
import type { Job, Program, Running, Site } from './program.js';

/** aria2. It cannot be told a peer, so its seeder comes with a tracker, which the torrent names for nobody else. */
export const aria2: Program = {
  name: 'aria2',
  canDial: false,

  async seed(job, site) {
    const tracker = await HttpTracker.start(site.host);
    const running = await start(job, site, job.sourceFolder, ['--check-integrity=true', ...announceTo(tracker.url)]);
    await tracker.announced(running.address);
    const stop = async (): Promise<void> => {
      await running.stop();
      await tracker.stop();
    };
    return { ...running, stop };
  },

  async leech(job, site, folder, seeder) {
    const done = join(site.stateFolder, 'done');
    await mkdir(site.stateFolder, { recursive: true });
    const script = join(site.stateFolder, 'hook.sh');
    await writeFile(script, `#!/bin/sh\ntouch ${done}\n`);
    await chmod(script, 0o755);
    const args = [`--on-bt-download-complete=${script}`, ...announceTo(HttpTracker.urlAt(seeder.host))];
    return { ...(await start(job, site, folder, args)), completed: fileAppears(done) };
  },
};

async function start(job: Job, site: Site, folder: string, args: readonly string[]): Promise<Running> {
  await mkdir(site.stateFolder, { recursive: true });
  await mkdir(folder, { recursive: true });
  // It listens on every address, so its port must be its own: one for each host.
  const port = 20_000 + Number(site.host.split('.').at(-1));
  const process = ManagedProcess.start(
    'aria2c',
    [
      ...ARIA2_QUIET_ARGS,
      `--interface=${site.host}`,
      `--listen-port=${port}`,
      `--dir=${folder}`,
      ...args,
      job.torrent.path,
    ],
    { cwd: site.stateFolder },
  );
  return { pid: process.pid, address: { host: site.host, port }, stop: () => process.kill() };
}

function announceTo(url: string): readonly string[] {
  return [`--bt-tracker=${url}`];
}
