import { createCipheriv, createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

import { messageOf, SimError } from '../sim-error.js';

/**
 * Writes a file of random-looking bytes that depend only on `seed`, and returns its SHA-1 in hex.
 *
 * The bytes are the AES-128-CTR key stream of a key made from the seed: incompressible, without repeated pieces, and
 * faster to make than the disk can take, so that preparing a run costs little.
 *
 * @param path must not exist yet
 * @param signal stops between two chunks, with the signal's reason
 * @throws {SimError} `not-written`, when the disk is full for example
 */
export async function makeContent(
  path: string,
  content: { lengthBytes: number; seed: number },
  signal?: AbortSignal,
): Promise<string> {
  try {
    return await writeContent(path, content, signal);
  } catch (error) {
    signal?.throwIfAborted();
    throw new SimError(
      'not-written',
      `the file to share cannot be written: ${messageOf(error)}; choose a smaller --size, or another --work-dir`,
      { cause: error },
    );
  }
}

async function writeContent(
  path: string,
  content: { lengthBytes: number; seed: number },
  signal: AbortSignal | undefined,
): Promise<string> {
  const key = createHash('sha256').update(`p2p-sim content ${content.seed}`).digest().subarray(0, 16);
  const keyStream = createCipheriv('aes-128-ctr', key, new Uint8Array(16));
  const hash = createHash('sha1');
  const file = await open(path, 'wx');
  try {
    for (let offset = 0; offset < content.lengthBytes; offset += CHUNK_BYTES) {
      signal?.throwIfAborted();
      const chunk = keyStream.update(ZEROS.subarray(0, Math.min(CHUNK_BYTES, content.lengthBytes - offset)));
      hash.update(chunk);
      await file.writeFile(chunk);
    }
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}

const CHUNK_BYTES = 1_048_576;
const ZEROS = new Uint8Array(CHUNK_BYTES);
