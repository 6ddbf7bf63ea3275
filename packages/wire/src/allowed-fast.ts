import { readUint32 } from './byte-order.js';
import { SHA1_BYTES } from './constants.js';
import { hostBytes } from './host.js';
import { sha1 } from './sha1.js';

/** What an allowed-fast set is computed from. */
export interface AllowedFastInput {
  /** 20 bytes. */
  readonly infoHash: Uint8Array;
  /** The peer's address, an IPv4 literal; the text has no rule for others. */
  readonly host: string;
  readonly pieceCount: number;
  /** How many pieces are wanted; the text suggests 10. */
  readonly count: number;
}

/** With few pieces, new ones become rare: libtorrent stops after 500 rounds too. */
const MAX_ROUNDS = 500;

/**
 * The pieces that a choked peer at `host` may request, in canonical order. Empty for anything but IPv4.
 *
 * @throws {RangeError} if `infoHash` is not 20 bytes long
 * @see BEP 6, "Allowed Fast Set Generation"
 */
export function allowedFastSet({ infoHash, host, pieceCount, count }: AllowedFastInput): number[] {
  if (infoHash.length !== SHA1_BYTES) throw new RangeError(`infoHash: expected 20 bytes, got ${infoHash.length}`);
  const address = hostBytes(host);
  if (address?.length !== 4) return [];
  const wanted = Math.min(count, pieceCount);
  const pieces = new Set<number>();
  let digest = Uint8Array.from([...address.subarray(0, 3), 0, ...infoHash]);
  for (let round = 0; round < MAX_ROUNDS && pieces.size < wanted; round++) {
    digest = Uint8Array.from(sha1(digest));
    addPieces(pieces, digest, pieceCount, wanted);
  }
  return [...pieces];
}

/** Each of the five words of a digest names a piece. */
function addPieces(pieces: Set<number>, digest: Uint8Array, pieceCount: number, wanted: number): void {
  for (let offset = 0; offset < SHA1_BYTES && pieces.size < wanted; offset += 4) {
    pieces.add(readUint32(digest, offset) % pieceCount);
  }
}
