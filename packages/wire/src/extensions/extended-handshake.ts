import type { BencodeValue } from '../bencode-value.js';
import { encodeBencode } from '../encode-bencode.js';
import { isDictionary } from '../field-reader.js';
import { printable } from '../printable.js';
import { decodeUtf8 } from '../utf8.js';
import { decodeExtensionDictionary } from './extension-dictionary.js';

/** What a peer says about itself once both have shown that they speak extensions. All of it is the peer's word only. */
export interface ExtendedHandshake {
  /** Name of each extension -> the id under which the *sender* wants to receive it; 0 switches it off. */
  readonly extensions: ReadonlyMap<string, number>;
  /** `p`: the port it listens on. */
  readonly port?: number | undefined;
  /** `v`: the client's name. Decoded: made printable, at most 64 characters. */
  readonly client?: string | undefined;
  /** `yourip`: our address as the sender sees it, 4 or 16 bytes. */
  readonly yourIp?: Uint8Array | undefined;
  /** `ipv4`: another address of the sender, 4 bytes. */
  readonly ipv4?: Uint8Array | undefined;
  /** `ipv6`: another address of the sender, 16 bytes. */
  readonly ipv6?: Uint8Array | undefined;
  /** `reqq`: how many unanswered requests the sender keeps; 250 is assumed when it is absent. */
  readonly requestQueueLimit?: number | undefined;
  /** `metadata_size`: bytes of the info dictionary (BEP 9). Compare with `MAX_METADATA_BYTES` before believing it. */
  readonly metadataBytes?: number | undefined;
  /** `upload_only`: the sender will not download any more (BEP 21). */
  readonly isUploadOnly?: boolean | undefined;
}

const MAX_CLIENT_LENGTH = 64;
/** Most entries of `m` that are read; clients announce about ten. */
const MAX_EXTENSIONS = 128;
const LIMITS = { maxDepth: 10, maxTokens: 2000 };

/**
 * The payload of the extended handshake (after message id 20 and extension id 0).
 *
 * @throws {RangeError} if an extension id is not from 0 to 255, or a name has more than 1,024 characters
 * @see BEP 10, BEP 9, BEP 21
 */
export function encodeExtendedHandshake(handshake: ExtendedHandshake): Uint8Array {
  for (const [name, id] of handshake.extensions) {
    if (!Number.isInteger(id) || id < 0 || id > 255) {
      throw new RangeError(`extensions: expected ids from 0 to 255, got ${id} for ${name}`);
    }
  }
  return encodeBencode({
    m: handshake.extensions,
    p: handshake.port,
    v: handshake.client,
    yourip: handshake.yourIp,
    ipv4: handshake.ipv4,
    ipv6: handshake.ipv6,
    reqq: handshake.requestQueueLimit,
    metadata_size: handshake.metadataBytes,
    upload_only: handshake.isUploadOnly === undefined ? undefined : Number(handshake.isUploadOnly),
  });
}

/**
 * Decodes the payload of an extended handshake.
 *
 * A field of the wrong kind or out of range counts as absent, and bytes after the dictionary are passed over: extensions we do
 * not know put many things here. Byte fields are copies.
 *
 * @throws {WireError} `bad-extension` if the payload does not begin with a bencoded dictionary
 */
export function decodeExtendedHandshake(payload: Uint8Array): ExtendedHandshake {
  const fields = decodeExtensionDictionary(payload, LIMITS).dictionary;
  const client = fields.get('v');
  const uploadOnly = integer(fields.get('upload_only'), 0);
  return {
    extensions: decodeExtensions(fields.get('m')),
    port: integer(fields.get('p'), 1, 65_535),
    client: client instanceof Uint8Array ? printable(decodeUtf8(client), MAX_CLIENT_LENGTH) : undefined,
    yourIp: address(fields.get('yourip'), 4) ?? address(fields.get('yourip'), 16),
    ipv4: address(fields.get('ipv4'), 4),
    ipv6: address(fields.get('ipv6'), 16),
    requestQueueLimit: integer(fields.get('reqq'), 0),
    metadataBytes: integer(fields.get('metadata_size'), 1),
    isUploadOnly: uploadOnly === undefined ? undefined : uploadOnly > 0,
  };
}

function decodeExtensions(value: BencodeValue | undefined): ReadonlyMap<string, number> {
  const extensions = new Map<string, number>();
  if (!isDictionary(value)) return extensions;
  for (const [name, id] of value) {
    if (extensions.size >= MAX_EXTENSIONS) break;
    const known = integer(id, 0, 255);
    if (known !== undefined) extensions.set(name, known);
  }
  return extensions;
}

function integer(value: BencodeValue | undefined, least: number, most = Number.MAX_SAFE_INTEGER): number | undefined {
  return typeof value === 'number' && value >= least && value <= most ? value : undefined;
}

function address(value: BencodeValue | undefined, length: number): Uint8Array | undefined {
  return value instanceof Uint8Array && value.length === length ? Uint8Array.from(value) : undefined;
}
