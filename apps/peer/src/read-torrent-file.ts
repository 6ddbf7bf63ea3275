import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

import { CliError } from '@p2p/cli';
import { decodeMetainfo, MAX_TORRENT_BYTES, type MetainfoFile, WireError } from '@p2p/wire';

/**
 * Reads a .torrent file, or what a pipe such as `/dev/stdin` gives.
 *
 * @param signal ends the wait for a pipe: it then rejects with the reason of the signal, or an `AbortError`
 * @param isNot what else could have been in its place and is not, for the message if there is no such file
 * @throws {CliError} `not-found`, or `failed` if it is too large, cannot be read, or is no .torrent file
 */
export async function readTorrentFile(path: string, signal: AbortSignal, isNot?: string): Promise<MetainfoFile> {
  const bytes = await readBounded(path, signal, isNot);
  if (bytes.length > MAX_TORRENT_BYTES) {
    throw new CliError('failed', `${path} is not a .torrent file: it has more than ${MAX_TORRENT_BYTES} bytes`);
  }
  try {
    return decodeMetainfo(bytes);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new CliError('failed', `${path} is not a .torrent file: ${error.message}`, { cause: error });
  }
}

async function readBounded(path: string, signal: AbortSignal, isNot: string | undefined): Promise<Uint8Array> {
  try {
    // Without waiting: to open a pipe that nobody writes to would hold a thread that no signal ends.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return await readAll(file, signal);
    } finally {
      await file.close();
    }
  } catch (error) {
    signal.throwIfAborted();
    if (codeOf(error) === 'ENOENT') {
      const message =
        isNot === undefined ? `there is no file ${path}` : `"${path}" is ${isNot}, and there is no file of that name`;
      throw new CliError('not-found', message, { cause: error });
    }
    if (codeOf(error) === 'EISDIR') {
      throw new CliError('failed', `${path} is a folder, not a .torrent file`, { cause: error });
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError('failed', `cannot read ${path}: ${reason}`, { cause: error });
  }
}

/** All there is, or one byte more than is allowed: the size of a pipe or a device is not known before. */
async function readAll(file: FileHandle, signal: AbortSignal): Promise<Uint8Array> {
  const buffer = new Uint8Array(CHUNK_BYTES);
  const chunks: Uint8Array[] = [];
  let length = 0;
  while (length <= MAX_TORRENT_BYTES) {
    const bytesRead = await readSome(file, buffer.subarray(0, MAX_TORRENT_BYTES + 1 - length));
    if (bytesRead === 0) break;
    if (bytesRead === undefined) {
      await delay(PIPE_POLL_MS, undefined, { signal });
      continue;
    }
    chunks.push(buffer.slice(0, bytesRead));
    length += bytesRead;
  }
  return Buffer.concat(chunks);
}

/** How many bytes were read, 0 at the end; undefined if there are none yet and a writer may send more. */
async function readSome(file: FileHandle, buffer: Uint8Array): Promise<number | undefined> {
  try {
    return (await file.read(buffer)).bytesRead;
  } catch (error) {
    if (codeOf(error) === 'EAGAIN') return undefined;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

const CHUNK_BYTES = 256 * 1024;
const PIPE_POLL_MS = 20;
