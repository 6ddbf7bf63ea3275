import { open } from 'node:fs/promises';

import { CliError } from '@p2p/cli';
import { decodeMetainfo, MAX_TORRENT_BYTES, type MetainfoFile, WireError } from '@p2p/wire';

/**
 * Reads a .torrent file.
 *
 * @throws {CliError} `not-found`, or `failed` if it is too large, cannot be read, or is no .torrent file
 */
export async function readTorrentFile(path: string): Promise<MetainfoFile> {
  const bytes = await readBounded(path);
  try {
    return decodeMetainfo(bytes);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new CliError('failed', `${path} is not a .torrent file: ${error.message}`, { cause: error });
  }
}

async function readBounded(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      if (size > MAX_TORRENT_BYTES) {
        throw new CliError(
          'failed',
          `${path} is not a .torrent file: ${size} bytes, expected at most ${MAX_TORRENT_BYTES}`,
        );
      }
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof CliError) throw error;
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      const message = `"${path}" is neither a magnet link nor HOST:PORT, and there is no file of that name`;
      throw new CliError('not-found', message, { cause: error });
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError('failed', `cannot read ${path}: ${reason}`, { cause: error });
  }
}
