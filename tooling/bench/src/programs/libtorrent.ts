import { LibtorrentClient, type LibtorrentSettings } from '@p2p/interop';

import { LONGEST_RUN_MS, type Program, type ProgramName } from './program.js';

/** libtorrent as it comes. */
export const libtorrent = libtorrentWith('libtorrent', {});

/** libtorrent as its author advises for fast links. */
export const libtorrentTuned = libtorrentWith('libtorrent-tuned', {
  max_queued_disk_bytes: 64 << 20,
  send_buffer_watermark: 8 << 20,
  send_buffer_low_watermark: 1 << 20,
  send_buffer_watermark_factor: 200,
  max_out_request_queue: 3000,
  max_allowed_in_request_queue: 6000,
  request_queue_time: 10,
  unchoke_slots_limit: -1,
  aio_threads: 4,
  hashing_threads: 2,
  recv_socket_buffer_size: 1 << 20,
  send_socket_buffer_size: 1 << 20,
});

function libtorrentWith(name: ProgramName, settings: LibtorrentSettings): Program {
  return {
    name,
    canDial: true,

    async seed(job, site) {
      const client = new LibtorrentClient(site, { settings, timeoutMs: LONGEST_RUN_MS });
      const address = await client.seed(job.torrent, job.sourceFolder, { isTrusted: true });
      return { pid: client.process.pid, address, stop: () => client.stop() };
    },

    async leech(job, site, folder, seeder) {
      const client = new LibtorrentClient(site, { settings, timeoutMs: LONGEST_RUN_MS });
      const { address, completed } = await client.fetch({ kind: 'torrent', torrent: job.torrent }, folder, [seeder]);
      return { pid: client.process.pid, address, completed, stop: () => client.stop() };
    },
  };
}
