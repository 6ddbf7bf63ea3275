import { readUint32, writeUint32 } from '../byte-order.js';
import { WireError } from '../wire-error.js';

/** A turn at the uplink of its sender; with 0 blocks the answer to one, "no use for it". */
export interface Offer {
  /** How many blocks the receiver may ask for although it is choked: 0 to `MAX_OFFERED_BLOCKS`. */
  readonly blockCount: number;
  /** For how many milliseconds after its arrival it is to be taken: 0 to `MAX_OFFER_MS`. */
  readonly holdsMs: number;
}

/** Most blocks of one `p2p_offer` message. */
export const MAX_OFFERED_BLOCKS = 65_535;
/** Longest time that an offer holds, in milliseconds. */
export const MAX_OFFER_MS = 60_000;

const PAYLOAD_BYTES = 8;

/**
 * The payload of a `p2p_offer` message (after the extension id).
 *
 * @throws {RangeError} if a field is no integer, or outside its range
 * @see PROTOCOL.md, "p2p_offer"
 */
export function encodeOffer({ blockCount, holdsMs }: Offer): Uint8Array {
  const payload = new Uint8Array(PAYLOAD_BYTES);
  writeUint32(payload, 0, inRange('blockCount', blockCount, MAX_OFFERED_BLOCKS));
  writeUint32(payload, 4, inRange('holdsMs', holdsMs, MAX_OFFER_MS));
  return payload;
}

/**
 * What a `p2p_offer` message offers.
 *
 * @throws {WireError} `bad-extension` if the payload is not 8 bytes long, or a number is above its maximum
 * @see PROTOCOL.md, "p2p_offer"
 */
export function decodeOffer(payload: Uint8Array): Offer {
  if (payload.length !== PAYLOAD_BYTES) {
    throw new WireError('bad-extension', `p2p_offer: expected ${PAYLOAD_BYTES} bytes, found ${payload.length}`);
  }
  const blockCount = atMost(readUint32(payload, 0), MAX_OFFERED_BLOCKS, 'blocks');
  const holdsMs = atMost(readUint32(payload, 4), MAX_OFFER_MS, 'milliseconds');
  return { blockCount, holdsMs };
}

function inRange(name: string, value: number, most: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw new RangeError(`${name}: expected an integer from 0 to ${most}, got ${value}`);
}

function atMost(value: number, most: number, unit: string): number {
  if (value <= most) return value;
  throw new WireError('bad-extension', `p2p_offer: expected at most ${most} ${unit}, found ${value}`);
}
