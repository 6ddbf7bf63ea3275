import { type CommandContext, CliError, type GetRequest, type Source } from '@p2p/cli';
import { formatPeerAddress, type Metainfo, type PeerAddress } from '@p2p/wire';

import { resolveHosts } from './addresses.js';
import { chooseShare, findCatalog } from './choose-share.js';
import { fetchContent } from './fetch-content.js';
import type { NodeSession } from './node-session.js';
import { readTorrentFile } from './read-torrent-file.js';
import type { StateFolder } from './state-folder.js';

/** `get`: whatever names the content, it is fetched to `request.out`. */
export async function runGet(
  request: GetRequest,
  { session, state, context }: { session: NodeSession; state: StateFolder; context: CommandContext },
): Promise<void> {
  const found = await describeSource(request.source, session, context);
  const isAnyRemembered = (await state.readPeers(found.infoHash)).length > 0;
  const peers = await resolveHosts([...request.peers, ...found.peers], context.log, !isAnyRemembered);
  await fetchContent(
    {
      infoHash: found.infoHash,
      ...(found.metainfo === undefined ? {} : { metainfo: found.metainfo }),
      peers,
      place: { folder: request.out },
      isSequential: request.isSequential,
      overwrite: request.overwrite,
      mustBeWhole: false,
      exitWhenComplete: request.exitWhenComplete,
      ...(request.seedRatio === undefined ? {} : { seedRatio: request.seedRatio }),
      ...(request.seedSeconds === undefined ? {} : { seedSeconds: request.seedSeconds }),
    },
    { session, state, context },
  );
}

interface FoundSource {
  readonly infoHash: Uint8Array;
  readonly metainfo?: Metainfo;
  /** Named by the source; their hosts may be names. */
  readonly peers: readonly PeerAddress[];
}

async function describeSource(source: Source, session: NodeSession, context: CommandContext): Promise<FoundSource> {
  switch (source.kind) {
    case 'magnet':
      return { infoHash: source.magnet.infoHash, peers: source.magnet.peers };
    case 'torrentFile': {
      const { metainfo } = await readTorrentFile(source.path, context.signal, 'neither a magnet link nor HOST:PORT');
      return { infoHash: metainfo.infoHash, metainfo, peers: [] };
    }
    case 'address': {
      const addresses = await resolveHosts([source.address], context.log, true);
      const catalog = await findCatalog(session.node, addresses, context);
      if (catalog === undefined) {
        throw new CliError('not-found', `${formatPeerAddress(source.address)} shares nothing that it lists`);
      }
      return { infoHash: chooseShare(catalog).infoHash, peers: addresses };
    }
  }
}
