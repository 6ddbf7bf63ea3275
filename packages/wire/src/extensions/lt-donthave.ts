import { readUint32, writeUint32 } from '../byte-order.js';
import { WireError } from '../wire-error.js';

const PAYLOAD_BYTES = 4;

/**
 * The payload of an `lt_donthave` message (after the extension id): the sender lost a piece that it had announced.
 *
 * @throws {RangeError} if `piece` is no u32
 * @see BEP 54
 */
export function encodeLtDontHave(piece: number): Uint8Array {
  if (!Number.isInteger(piece) || piece < 0 || piece > 0xffffffff) {
    throw new RangeError(`piece: expected an integer from 0 to 4294967295, got ${piece}`);
  }
  const payload = new Uint8Array(PAYLOAD_BYTES);
  writeUint32(payload, 0, piece);
  return payload;
}

/**
 * The piece an `lt_donthave` message names, not yet checked against a torrent.
 *
 * @throws {WireError} `bad-extension` if the payload is not 4 bytes long
 * @see BEP 54
 */
export function decodeLtDontHave(payload: Uint8Array): number {
  if (payload.length === PAYLOAD_BYTES) return readUint32(payload, 0);
  throw new WireError('bad-extension', `lt_donthave: expected ${PAYLOAD_BYTES} bytes, found ${payload.length}`);
}
