import { viewOf } from '../byte-order.js';
import { BLOCK_BYTES, MAX_METADATA_BYTES } from '../constants.js';
import { encodeBencode } from '../encode-bencode.js';
import { FieldReader } from '../field-reader.js';
import { WireError } from '../wire-error.js';
import { decodeExtensionDictionary } from './extension-dictionary.js';

/**
 * A message about the info dictionary, which travels in pieces of 16 KiB.
 *
 * @see BEP 9
 */
export type UtMetadata =
  | { readonly type: 'request'; readonly piece: number }
  /** `data` is a view when decoded; `totalBytes` is the length of the whole info dictionary. */
  | { readonly type: 'data'; readonly piece: number; readonly totalBytes: number; readonly data: Uint8Array }
  | { readonly type: 'reject'; readonly piece: number }
  /** A `msg_type` we do not know, to be ignored; never sent. */
  | { readonly type: 'unknown' };

const MSG_TYPES = { request: 0, data: 1, reject: 2 } as const;
const MAX_PIECE = MAX_METADATA_BYTES / BLOCK_BYTES - 1;
const LIMITS = { maxDepth: 10, maxTokens: 200 };

/**
 * The payload of a `ut_metadata` message (after the extension id).
 *
 * @throws {RangeError} if the piece, the total or the length of the data is impossible
 * @see BEP 9
 */
export function encodeUtMetadata(message: Exclude<UtMetadata, { type: 'unknown' }>): Uint8Array {
  const { type, piece } = message;
  if (!Number.isInteger(piece) || piece < 0 || piece > MAX_PIECE) {
    throw new RangeError(`piece: expected an integer from 0 to ${MAX_PIECE}, got ${piece}`);
  }
  if (type !== 'data') return encodeBencode({ msg_type: MSG_TYPES[type], piece });
  const { totalBytes, data } = message;
  const expected = metadataPieceBytes(totalBytes, piece);
  if (totalBytes > MAX_METADATA_BYTES || data.length !== expected) {
    throw new RangeError(`data: expected ${expected} bytes for piece ${piece} of ${totalBytes}, got ${data.length}`);
  }
  const head = encodeBencode({ msg_type: MSG_TYPES.data, piece, total_size: totalBytes });
  const payload = new Uint8Array(head.length + data.length);
  payload.set(head);
  payload.set(data, head.length);
  return payload;
}

/**
 * Decodes the payload of a `ut_metadata` message. Data is a view into `payload`.
 *
 * @throws {WireError} `bad-bencode` or `bad-extension` if it is not as BEP 9 says; data must be exactly as long as its piece
 */
export function decodeUtMetadata(payload: Uint8Array): UtMetadata {
  const { dictionary, bytesRead } = decodeExtensionDictionary(payload, LIMITS);
  const fields = new FieldReader(dictionary, 'bad-extension', 'ut_metadata');
  const msgType = fields.required('msg_type', fields.integer('msg_type', 0, 255));
  if (msgType > MSG_TYPES.reject) return { type: 'unknown' };
  const piece = fields.required('piece', fields.integer('piece', 0, MAX_PIECE));
  if (msgType === MSG_TYPES.request) return { type: 'request', piece };
  if (msgType === MSG_TYPES.reject) return { type: 'reject', piece };
  const totalBytes = fields.required('total_size', fields.integer('total_size', 1, MAX_METADATA_BYTES));
  const expected = metadataPieceBytes(totalBytes, piece);
  const found = payload.length - bytesRead;
  if (found !== expected || found < 1) {
    const what = `expected ${expected} bytes of data for piece ${piece} of ${totalBytes} bytes`;
    throw new WireError('bad-extension', `ut_metadata: ${what}, found ${found}`);
  }
  return { type: 'data', piece, totalBytes, data: viewOf(payload, bytesRead, found) };
}

/** All pieces are 16 KiB but the last. */
function metadataPieceBytes(totalBytes: number, piece: number): number {
  return Math.max(0, Math.min(BLOCK_BYTES, totalBytes - piece * BLOCK_BYTES));
}
