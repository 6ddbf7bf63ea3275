import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import {
  decodeMetainfo,
  encodeMetainfo,
  formatPeerAddress,
  fromHex,
  type Metainfo,
  parsePeerAddress,
  type PeerAddress,
  toHex,
} from '@p2p/wire';
import envPaths from 'env-paths';

import { writeAtomically } from './write-atomically.js';

/** What was last fetched to a path. */
export interface PathRecord {
  readonly infoHash: Uint8Array;
  readonly isComplete: boolean;
}

/**
 * What a node remembers from run to run, in files of its own, away from the user's: the metainfo of what it fetches
 * (so that a magnet link resumes without asking anybody), addresses of peers, and which path holds which content.
 *
 * All of it helps and none of it is needed: what is missing or unreadable counts as unknown. The journals of pieces lie in
 * the same folder and belong to storage.
 */
export class StateFolder {
  /** Absolute. */
  readonly path: string;

  /** @param path where; by default the user's state folder (XDG) */
  constructor(path: string = defaultStateFolder()) {
    this.path = resolve(path);
  }

  /** Where storage keeps its journals. */
  get journalFolder(): string {
    return join(this.path, 'journals');
  }

  /** Metainfo of a torrent fetched before, if it is whole and really that torrent's. */
  async readMetainfo(infoHash: Uint8Array): Promise<Metainfo | undefined> {
    return attempt(async () => {
      const { metainfo } = decodeMetainfo(await readFile(this.#torrentPath(infoHash)));
      return toHex(metainfo.infoHash) === toHex(infoHash) ? metainfo : undefined;
    });
  }

  async saveMetainfo(metainfo: Metainfo): Promise<void> {
    await writeAtomically(this.#torrentPath(metainfo.infoHash), encodeMetainfo(metainfo.infoBytes));
  }

  /** Addresses that were worth keeping, best first: the swarm takes the first three for its anchors. */
  async readPeers(infoHash: Uint8Array): Promise<readonly PeerAddress[]> {
    const list = await attempt(async (): Promise<unknown> =>
      JSON.parse(await readFile(this.#peersPath(infoHash), 'utf8')),
    );
    if (!Array.isArray(list)) return [];
    return list.slice(0, MAX_CACHED_PEERS).flatMap((text: unknown) => parseCachedAddress(text));
  }

  async savePeers(infoHash: Uint8Array, peers: readonly PeerAddress[]): Promise<void> {
    const list = peers.slice(0, MAX_CACHED_PEERS).map(formatPeerAddress);
    await writeAtomically(this.#peersPath(infoHash), `${JSON.stringify(list, undefined, 1)}\n`);
  }

  /** What was last fetched to a path, as far as it is known. */
  async readPathRecord(path: string): Promise<PathRecord | undefined> {
    return attempt(async () => {
      const record: unknown = JSON.parse(await readFile(this.#recordPath(path), 'utf8'));
      if (typeof record !== 'object' || record === null || !('infoHash' in record)) return undefined;
      if (typeof record.infoHash !== 'string' || !/^[0-9a-f]{40}$/.test(record.infoHash)) return undefined;
      return { infoHash: fromHex(record.infoHash), isComplete: 'isComplete' in record && record.isComplete === true };
    });
  }

  async savePathRecord(path: string, { infoHash, isComplete }: PathRecord): Promise<void> {
    const record = { path: resolve(path), infoHash: toHex(infoHash), isComplete };
    await writeAtomically(this.#recordPath(path), `${JSON.stringify(record, undefined, 1)}\n`);
  }

  #torrentPath(infoHash: Uint8Array): string {
    return join(this.path, 'torrents', `${toHex(infoHash)}.torrent`);
  }

  #peersPath(infoHash: Uint8Array): string {
    return join(this.path, 'peers', `${toHex(infoHash)}.json`);
  }

  /** A path may be longer than a file name: its digest is not. */
  #recordPath(path: string): string {
    return join(this.path, 'paths', `${createHash('sha256').update(resolve(path)).digest('hex')}.json`);
  }
}

/**
 * On Linux `$XDG_STATE_HOME/p2p-peer`, which the library names after the logs it thinks of; elsewhere the place for
 * data, for there logs may be swept away.
 */
function defaultStateFolder(): string {
  const paths = envPaths('p2p-peer', { suffix: '' });
  return process.platform === 'linux' ? paths.log : paths.data;
}

function parseCachedAddress(text: unknown): PeerAddress[] {
  if (typeof text !== 'string') return [];
  try {
    return [parsePeerAddress(text)];
  } catch {
    return [];
  }
}

/** Reading state never fails: what cannot be read is not known. */
async function attempt<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch {
    return undefined;
  }
}

const MAX_CACHED_PEERS = 200;
