import { BLOCK_BYTES, sameBytes, sha1 } from '@p2p/wire';

import type { SessionId } from '../input.js';

/** What became of an assembly when its last piece had come. */
export type AssemblyOutcome =
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'complete'; readonly infoBytes: Uint8Array }
  /** `culprit` is who sent all of it; undefined if several did. */
  | { readonly kind: 'corrupt'; readonly culprit: SessionId | undefined };

/**
 * The pieces of an info dictionary of one claimed size, while they come together.
 *
 * Nothing is allocated on a claim: a piece takes memory when it has arrived.
 */
export class MetadataAssembly {
  readonly totalBytes: number;
  readonly beganAt: number;
  readonly pieceCount: number;
  /** By piece: the bytes, who sent them. */
  readonly #pieces = new Map<number, { readonly data: Uint8Array; readonly sender: SessionId }>();
  /**
   * Set after pieces of several senders did not fit together: from then on one sender at a time, so that the next
   * failure names its culprit.
   */
  isSuspicious = false;

  constructor(totalBytes: number, beganAt: number) {
    this.totalBytes = totalBytes;
    this.beganAt = beganAt;
    this.pieceCount = Math.ceil(totalBytes / BLOCK_BYTES);
  }

  has(piece: number): boolean {
    return this.#pieces.has(piece);
  }

  /** Who sent something, in order of arrival. */
  senders(): SessionId[] {
    return [...new Set([...this.#pieces.values()].map(({ sender }) => sender))];
  }

  /** Keeps a copy of a piece. A second one for the same place is ignored. */
  add(piece: number, data: Uint8Array, sender: SessionId): void {
    if (!this.#pieces.has(piece)) this.#pieces.set(piece, { data: data.slice(), sender });
  }

  /** Forgets the pieces. */
  clear(): void {
    this.#pieces.clear();
  }

  /** Verifies the whole, once it is there; forgets it if it is wrong. */
  finish(infoHash: Uint8Array): AssemblyOutcome {
    if (this.#pieces.size < this.pieceCount) return { kind: 'incomplete' };
    const infoBytes = new Uint8Array(this.totalBytes);
    for (const [piece, { data }] of this.#pieces) infoBytes.set(data, piece * BLOCK_BYTES);
    if (sameBytes(sha1(infoBytes), infoHash)) return { kind: 'complete', infoBytes };
    const senders = this.senders();
    this.clear();
    this.isSuspicious = true;
    return { kind: 'corrupt', culprit: senders.length === 1 ? senders[0] : undefined };
  }
}
