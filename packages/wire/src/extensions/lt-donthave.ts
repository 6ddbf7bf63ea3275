import { decodePiecePayload, encodePiecePayload } from './piece-payload.js';

/**
 * The payload of an `lt_donthave` message (after the extension id): the sender lost a piece that it had announced.
 *
 * @throws {RangeError} if `piece` is no u32
 * @see BEP 54
 */
export function encodeLtDontHave(piece: number): Uint8Array {
  return encodePiecePayload(piece);
}

/**
 * The piece an `lt_donthave` message names, not yet checked against a torrent.
 *
 * @throws {WireError} `bad-extension` if the payload is not 4 bytes long
 * @see BEP 54
 */
export function decodeLtDontHave(payload: Uint8Array): number {
  return decodePiecePayload('lt_donthave', payload);
}
