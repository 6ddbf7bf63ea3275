import type { MetadataEvent, TorrentSummary } from '@p2p/cli';
import { formatMagnet, type Metainfo, type PeerAddress, toHex } from '@p2p/wire';

/** The event `metadata` of a torrent. */
export function metadataEvent({ name, layout, infoHash }: Metainfo): MetadataEvent {
  return {
    kind: 'metadata',
    name,
    length: layout.totalBytes,
    pieceLength: layout.pieceLength,
    pieces: layout.pieceCount,
    infoHash: toHex(infoHash),
  };
}

/** The magnet link of a torrent, with addresses of peers to begin with. */
export function magnetOf({ name, layout, infoHash }: Metainfo, peers: readonly PeerAddress[]): string {
  return formatMagnet({ infoHash, name, length: layout.totalBytes, peers });
}

/** What there is to say about a torrent. */
export function summaryOf(metainfo: Metainfo): TorrentSummary {
  const { name, layout, infoHash, isPrivate, sha1, files } = metainfo;
  return {
    infoHash: toHex(infoHash),
    magnet: magnetOf(metainfo, []),
    name,
    length: layout.totalBytes,
    metadata: metadataEvent(metainfo),
    isPrivate,
    ...(sha1 === undefined ? {} : { sha1: toHex(sha1) }),
    files: files.filter((file) => !file.isPadding).map(({ path, length }) => ({ path: path.join('/'), length })),
    peers: [],
  };
}
