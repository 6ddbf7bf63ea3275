import { createHash } from 'node:crypto';
import { closeSync, ftruncateSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { openFilePieceStore } from '@p2p/storage';
import { decodeInfo, encodeInfo, encodeMetainfo } from '@p2p/wire';

const SHA1_BYTES = 20;

/** A file of zeros that takes no room, its torrent, and the state that a node leaves that has all of it. */
export interface HugeContent {
  readonly torrentPath: string;
  readonly folder: string;
  readonly stateFolder: string;
}

/**
 * Makes it without reading it: every piece is the same zeros, so one hash is known to be all of them. The journal is what
 * storage writes when a complete store is closed.
 *
 * @param folder on a file system that keeps holes; empty
 */
export async function makeHugeContent(folder: string, byteCount: number, pieceBytes: number): Promise<HugeContent> {
  const name = 'huge.bin';
  const file = openSync(join(folder, name), 'w');
  ftruncateSync(file, byteCount);
  closeSync(file);
  const pieceCount = byteCount / pieceBytes;
  const hash = createHash('sha1').update(new Uint8Array(pieceBytes)).digest();
  const pieceHashes = new Uint8Array(SHA1_BYTES * pieceCount);
  for (let piece = 0; piece < pieceCount; piece++) pieceHashes.set(hash, SHA1_BYTES * piece);
  const infoBytes = encodeInfo({ name, pieceLength: pieceBytes, length: byteCount, pieceHashes });
  const torrentPath = join(folder, 'huge.torrent');
  writeFileSync(torrentPath, encodeMetainfo(infoBytes));
  const stateFolder = join(folder, 'state');
  // Where a node keeps its journals, below its --state-dir.
  const options = { folder, stateDir: join(stateFolder, 'journals'), assumeComplete: true };
  const store = await openFilePieceStore(decodeInfo(infoBytes), options);
  await store.close();
  return { torrentPath, folder, stateFolder };
}
