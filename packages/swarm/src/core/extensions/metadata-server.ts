import { BLOCK_BYTES, type UtMetadata } from '@p2p/wire';

/**
 * The answer to a peer that asks for a piece of the info dictionary (BEP 9).
 *
 * @param infoBytes the verified dictionary; undefined while we have none, which a reject says
 * @returns data as a view into `infoBytes`
 */
export function answerMetadataRequest(
  infoBytes: Uint8Array | undefined,
  piece: number,
): Exclude<UtMetadata, { type: 'unknown' }> {
  const begin = piece * BLOCK_BYTES;
  if (infoBytes === undefined || begin >= infoBytes.length) return { type: 'reject', piece };
  const data = infoBytes.subarray(begin, begin + BLOCK_BYTES);
  return { type: 'data', piece, totalBytes: infoBytes.length, data };
}
