import { decodePiecePayload, encodePiecePayload } from './piece-payload.js';

/**
 * The payload of a `p2p_soon` message (after the extension id): all that is missing of a piece has been asked for and is coming
 * in, the sender expects to have it verified in a moment, and may be asked for it already.
 *
 * @throws {RangeError} if `piece` is no u32
 * @see PROTOCOL.md, "p2p_soon"
 */
export function encodeSoon(piece: number): Uint8Array {
  return encodePiecePayload(piece);
}

/**
 * The piece a `p2p_soon` message names, not yet checked against a torrent.
 *
 * @throws {WireError} `bad-extension` if the payload is not 4 bytes long
 * @see PROTOCOL.md, "p2p_soon"
 */
export function decodeSoon(payload: Uint8Array): number {
  return decodePiecePayload('p2p_soon', payload);
}
