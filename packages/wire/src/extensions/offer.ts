import { readUint32, writeUint32 } from '../byte-order.js';
import { WireError } from '../wire-error.js';

/** Most blocks of one `p2p_offer` message. */
export const MAX_OFFERED_BLOCKS = 65_535;

const PAYLOAD_BYTES = 4;

/**
 * The payload of a `p2p_offer` message (after the extension id): how many blocks the receiver may ask for although it is
 * choked. 0 is the answer to an offer that one has no use for.
 *
 * @throws {RangeError} if `blockCount` is no integer from 0 to `MAX_OFFERED_BLOCKS`
 * @see PROTOCOL.md, "p2p_offer"
 */
export function encodeOffer(blockCount: number): Uint8Array {
  if (!Number.isInteger(blockCount) || blockCount < 0 || blockCount > MAX_OFFERED_BLOCKS) {
    throw new RangeError(`blockCount: expected an integer from 0 to ${MAX_OFFERED_BLOCKS}, got ${blockCount}`);
  }
  const payload = new Uint8Array(PAYLOAD_BYTES);
  writeUint32(payload, 0, blockCount);
  return payload;
}

/**
 * How many blocks a `p2p_offer` message offers; 0: its sender has no use for the offer that it got.
 *
 * @throws {WireError} `bad-extension` if the payload is not 4 bytes long, or the number is above `MAX_OFFERED_BLOCKS`
 * @see PROTOCOL.md, "p2p_offer"
 */
export function decodeOffer(payload: Uint8Array): number {
  if (payload.length !== PAYLOAD_BYTES) {
    throw new WireError('bad-extension', `p2p_offer: expected ${PAYLOAD_BYTES} bytes, found ${payload.length}`);
  }
  const blockCount = readUint32(payload, 0);
  if (blockCount <= MAX_OFFERED_BLOCKS) return blockCount;
  throw new WireError('bad-extension', `p2p_offer: expected at most ${MAX_OFFERED_BLOCKS} blocks, found ${blockCount}`);
}
