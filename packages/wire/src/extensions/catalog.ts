import type { BencodeValue } from '../bencode-value.js';
import { SHA1_BYTES } from '../constants.js';
import { encodeBencode } from '../encode-bencode.js';
import { FieldReader, isList } from '../field-reader.js';
import { sha1 } from '../sha1.js';
import { decodeUtf8, encodeUtf8 } from '../utf8.js';
import { WireError } from '../wire-error.js';
import { decodeExtensionDictionary } from './extension-dictionary.js';

/** One thing that a peer shares. */
export interface CatalogEntry {
  /** 20 bytes; a copy when decoded. */
  readonly infoHash: Uint8Array;
  /** As the sharer called it: pass it through `printable` before it is shown. */
  readonly name: string;
  /** Bytes of the whole content. */
  readonly length: number;
  /** Bytes of a piece. */
  readonly pieceLength: number;
}

/** A message of `p2p_catalog`: what do you share, from this entry on, and the answer. */
export type CatalogMessage =
  | { readonly type: 'request'; readonly offset: number }
  /** `total` entries there are, of which `entries` are those from `offset` on. */
  | {
      readonly type: 'page';
      readonly offset: number;
      readonly total: number;
      readonly entries: readonly CatalogEntry[];
    };

/** The info-hash to connect with when all one has is an address: SHA-1 of `p2p-catalog-v1`. */
export const CATALOG_INFO_HASH: Uint8Array = /* @__PURE__ */ sha1(encodeUtf8('p2p-catalog-v1'));

/** Most entries of one page; at the longest names a page is then about 80 KiB. */
export const MAX_CATALOG_PAGE_ENTRIES = 256;

/** Most entries that a peer may say it has. */
export const MAX_CATALOG_ENTRIES = 1_000_000;

/** Longest name, in bytes of UTF-8; a longer one is cut. No file system has longer ones. */
export const MAX_CATALOG_NAME_BYTES = 255;

const MSG_TYPES = { request: 0, page: 1 } as const;
const LIMITS = { maxDepth: 10, maxTokens: 2000, maxBytes: 524_288 };

/**
 * The payload of a `p2p_catalog` message (after the extension id).
 *
 * @throws {RangeError} if a number is out of range, a hash is not 20 bytes long, or a page has more than
 *   `MAX_CATALOG_PAGE_ENTRIES` entries
 * @see PROTOCOL.md, "p2p_catalog"
 */
export function encodeCatalog(message: CatalogMessage): Uint8Array {
  const { type, offset } = message;
  assertInteger('offset', offset, MAX_CATALOG_ENTRIES);
  if (type === 'request') return encodeBencode({ msg_type: MSG_TYPES.request, offset });
  const { total, entries } = message;
  assertInteger('total', total, MAX_CATALOG_ENTRIES);
  assertInteger('entries.length', entries.length, MAX_CATALOG_PAGE_ENTRIES);
  return encodeBencode({ entries: entries.map(encodeEntry), msg_type: MSG_TYPES.page, offset, total });
}

/**
 * Decodes the payload of a `p2p_catalog` message.
 *
 * @throws {WireError} `bad-bencode` or `bad-extension` if it is not as `PROTOCOL.md` says
 */
export function decodeCatalog(payload: Uint8Array): CatalogMessage {
  const { dictionary } = decodeExtensionDictionary(payload, LIMITS);
  const fields = new FieldReader(dictionary, 'bad-extension', 'p2p_catalog');
  const msgType = fields.required('msg_type', fields.integer('msg_type', 0, MSG_TYPES.page));
  const offset = fields.required('offset', fields.integer('offset', 0, MAX_CATALOG_ENTRIES));
  if (msgType === MSG_TYPES.request) return { type: 'request', offset };
  const total = fields.required('total', fields.integer('total', 0, MAX_CATALOG_ENTRIES));
  const entries = fields.required('entries', fields.list('entries'));
  if (entries.length > MAX_CATALOG_PAGE_ENTRIES) {
    throw fields.error(`"entries": expected at most ${MAX_CATALOG_PAGE_ENTRIES}, found ${entries.length}`);
  }
  return { type: 'page', offset, total, entries: entries.map(decodeEntry) };
}

function encodeEntry({ infoHash, name, length, pieceLength }: CatalogEntry): (Uint8Array | number)[] {
  if (infoHash.length !== SHA1_BYTES) throw new RangeError(`infoHash: expected 20 bytes, got ${infoHash.length}`);
  assertInteger('length', length, Number.MAX_SAFE_INTEGER);
  assertInteger('pieceLength', pieceLength, Number.MAX_SAFE_INTEGER);
  return [infoHash, cutName(encodeUtf8(name)), length, pieceLength];
}

/** Cuts between characters: a byte 10xxxxxx goes on with the one before. */
function cutName(name: Uint8Array): Uint8Array {
  if (name.length <= MAX_CATALOG_NAME_BYTES) return name;
  let end = MAX_CATALOG_NAME_BYTES;
  while (((name[end] ?? 0) & 0xc0) === 0x80) end--;
  return name.subarray(0, end);
}

function decodeEntry(value: BencodeValue): CatalogEntry {
  const [infoHash, name, length, pieceLength] = isList(value) ? value : [];
  if (
    infoHash instanceof Uint8Array &&
    infoHash.length === SHA1_BYTES &&
    name instanceof Uint8Array &&
    isCount(length) &&
    isCount(pieceLength)
  ) {
    return {
      infoHash: Uint8Array.from(infoHash),
      name: decodeUtf8(name.subarray(0, MAX_CATALOG_NAME_BYTES)),
      length,
      pieceLength,
    };
  }
  throw new WireError('bad-extension', 'p2p_catalog: expected entries [20-byte hash, name, length, piece length]');
}

function isCount(value: BencodeValue | undefined): value is number {
  return typeof value === 'number' && value >= 0;
}

function assertInteger(name: string, value: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= 0 && value <= most) return;
  throw new RangeError(`${name}: expected an integer from 0 to ${most}, got ${value}`);
}
