import { WireError } from '../wire-error.js';

/**
 * The payload of a `p2p_load` message (after the extension id): whether blocks of others wait at the sender in front of what the
 * receiver would ask for now.
 *
 * @see PROTOCOL.md, "p2p_load"
 */
export function encodeLoad(isLoaded: boolean): Uint8Array {
  return Uint8Array.of(isLoaded ? LOADED : FREE);
}

/**
 * What a `p2p_load` message says: true if the sender is loaded. It is advice, and may be false.
 *
 * @throws {WireError} `bad-extension` if the payload is not one byte, 0 or 1
 * @see PROTOCOL.md, "p2p_load"
 */
export function decodeLoad(payload: Uint8Array): boolean {
  const [load = -1] = payload;
  if (payload.length === 1 && load <= LOADED) return load === LOADED;
  const found = payload.length === 1 ? load : `${payload.length} bytes`;
  throw new WireError('bad-extension', `p2p_load: expected one byte, 0 or 1, found ${found}`);
}

const FREE = 0;
const LOADED = 1;
