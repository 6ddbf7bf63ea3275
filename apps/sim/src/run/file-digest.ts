import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

/** What a file on disk is made of: its length in bytes and its SHA-1 in hex. */
export interface FileDigest {
  readonly lengthBytes: number;
  readonly sha1: string;
}

/** Reads a whole file, one chunk at a time. Rejects with the system's error if it cannot be read. */
export async function digestFile(path: string, signal?: AbortSignal): Promise<FileDigest> {
  const file = await open(path, 'r');
  try {
    const hash = createHash('sha1');
    const chunk = new Uint8Array(CHUNK_BYTES);
    let lengthBytes = 0;
    for (;;) {
      signal?.throwIfAborted();
      const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES, lengthBytes);
      if (bytesRead === 0) return { lengthBytes, sha1: hash.digest('hex') };
      hash.update(chunk.subarray(0, bytesRead));
      lengthBytes += bytesRead;
    }
  } finally {
    await file.close();
  }
}

const CHUNK_BYTES = 1_048_576;
