import { availableParallelism } from 'node:os';

import { messageOf } from '../sim-error.js';
import { digestFile } from './file-digest.js';
import type { FileDigest } from './file-digest.js';

/** A copy to compare with the original: the node that made it, and where it lies. */
export interface Copy {
  readonly name: string;
  readonly path: string;
}

/** A copy that is not the original, and how it differs, as a sentence. */
export interface CopyMismatch {
  readonly name: string;
  readonly detail: string;
}

/**
 * Reads every copy from disk and compares length and SHA-1 with the original's. Trusts no node's word.
 *
 * @returns the copies that differ or cannot be read, in the order given; empty if all are right
 */
export async function verifyCopies(
  copies: readonly Copy[],
  original: FileDigest,
  signal?: AbortSignal,
): Promise<CopyMismatch[]> {
  const details: (string | undefined)[] = new Array<string | undefined>(copies.length);
  const waiting = copies.entries();
  const worker = async (): Promise<void> => {
    for (const [index, copy] of waiting) details[index] = await difference(copy, original, signal);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return copies.flatMap(({ name }, index) => {
    const detail = details[index];
    return detail === undefined ? [] : [{ name, detail }];
  });
}

async function difference(copy: Copy, original: FileDigest, signal?: AbortSignal): Promise<string | undefined> {
  try {
    const found = await digestFile(copy.path, signal);
    if (found.lengthBytes !== original.lengthBytes) {
      return `${copy.path} has ${found.lengthBytes} bytes, the original ${original.lengthBytes}`;
    }
    if (found.sha1 !== original.sha1) return `${copy.path} has SHA-1 ${found.sha1}, the original ${original.sha1}`;
    return undefined;
  } catch (error) {
    signal?.throwIfAborted();
    return `${copy.path} cannot be read: ${messageOf(error)}`;
  }
}
