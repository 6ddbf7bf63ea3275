import { readUint32, writeUint32 } from '../byte-order.js';
import { WireError } from '../wire-error.js';

const PAYLOAD_BYTES = 4;

/**
 * The payload of an extension message that names one piece and nothing else.
 *
 * @throws {RangeError} if `piece` is no u32
 */
export function encodePiecePayload(piece: number): Uint8Array {
  if (!Number.isInteger(piece) || piece < 0 || piece > 0xffffffff) {
    throw new RangeError(`piece: expected an integer from 0 to 4294967295, got ${piece}`);
  }
  const payload = new Uint8Array(PAYLOAD_BYTES);
  writeUint32(payload, 0, piece);
  return payload;
}

/**
 * The piece that such a payload names; `extension` is the name to complain under.
 *
 * @throws {WireError} `bad-extension` if the payload is not 4 bytes long
 */
export function decodePiecePayload(extension: string, payload: Uint8Array): number {
  if (payload.length === PAYLOAD_BYTES) return readUint32(payload, 0);
  throw new WireError('bad-extension', `${extension}: expected ${PAYLOAD_BYTES} bytes, found ${payload.length}`);
}
