import { SHA1_BYTES } from './constants.js';
import { fromHex, toHex } from './hex.js';
import { canBeDialled, formatPeerAddress, parsePeerAddress, type PeerAddress } from './peer-address.js';
import { printable } from './printable.js';
import { decodeUtf8, encodeUtf8 } from './utf8.js';
import { WireError } from './wire-error.js';

/** What a person pastes to name a torrent and a first peer. */
export interface Magnet {
  /** 20 bytes. */
  readonly infoHash: Uint8Array;
  /** `dn`: the name to show until the metadata is here; foreign text. A hint only. */
  readonly name?: string | undefined;
  /** `xl`: bytes of the content. A hint only. */
  readonly length?: number | undefined;
  /** `x.pe`: peers to dial first; may be empty. */
  readonly peers: readonly PeerAddress[];
}

/** Longest link that is read, in characters; trackers in the wild make links of a few thousand. */
export const MAX_MAGNET_LENGTH = 65_536;

/** Most peers that one link may name. */
export const MAX_MAGNET_PEERS = 200;

/**
 * Reads a magnet link: `xt=urn:btih:` with 40 hexadecimal or 32 base32 digits, `dn`, `xl`, and any number of `x.pe`. Other
 * keys (`tr`, `ws`, `so`, ...) are ignored: no URL is fetched on a link's word. A `dn` or `xl` that is malformed counts as
 * absent: people make links by hand, and without these hints the link still leads to the content.
 *
 * @throws {WireError} `bad-magnet` if it is no magnet link, lacks a v1 info-hash or is beyond a limit, `bad-address` if an
 *   `x.pe` is malformed
 * @see BEP 9, "magnet URI format"
 * @example
 * parseMagnet('magnet:?xt=urn:btih:c12fe1c06bba254a9dc9f519b335aa7c1367a88a&x.pe=192.0.2.1:6881').peers;
 */
export function parseMagnet(uri: string): Magnet {
  if (uri.length > MAX_MAGNET_LENGTH) {
    throw new WireError('bad-magnet', `expected at most ${MAX_MAGNET_LENGTH} characters, found ${uri.length}`);
  }
  const query = /^\s*magnet:\?([^#]*)/i.exec(uri)?.[1]?.trimEnd();
  if (query === undefined) throw new WireError('bad-magnet', `expected "magnet:?...", found "${printable(uri, 40)}"`);
  const found: Parameters = { topics: [], name: undefined, length: undefined, peers: [] };
  for (const parameter of query.split('&')) readParameter(parameter, found);
  if (found.peers.length > MAX_MAGNET_PEERS) {
    throw new WireError('bad-magnet', `x.pe: expected at most ${MAX_MAGNET_PEERS} peers, found ${found.peers.length}`);
  }
  return {
    infoHash: findInfoHash(found.topics),
    name: found.name,
    length: found.length,
    peers: found.peers,
  };
}

/**
 * The magnet link for a torrent, with the info-hash in hexadecimal digits.
 *
 * @throws {RangeError} if `infoHash` is not 20 bytes long, `length` is no safe integer from 0, or there are more than
 *   `MAX_MAGNET_PEERS` peers, or one whose host is neither a literal nor a name or whose port is not from 1 to 65535
 * @see BEP 9
 */
export function formatMagnet(magnet: Magnet): string {
  const { infoHash, name, length, peers } = magnet;
  if (infoHash.length !== SHA1_BYTES) throw new RangeError(`infoHash: expected 20 bytes, got ${infoHash.length}`);
  if (length !== undefined && (!Number.isSafeInteger(length) || length < 0)) {
    throw new RangeError(`length: expected a safe integer from 0, got ${length}`);
  }
  if (peers.length > MAX_MAGNET_PEERS) {
    throw new RangeError(`peers: expected at most ${MAX_MAGNET_PEERS}, got ${peers.length}`);
  }
  let uri = `magnet:?xt=urn:btih:${toHex(infoHash)}`;
  // Through bytes first, for encodeURIComponent throws on a lone surrogate. It leaves quotes alone, and people paste links
  // between quotes into a shell: a name from a stranger must not end them.
  if (name !== undefined) {
    uri += `&dn=${encodeURIComponent(decodeUtf8(encodeUtf8(name))).replaceAll("'", '%27')}`;
  }
  if (length !== undefined) uri += `&xl=${length}`;
  for (const peer of peers) uri += `&x.pe=${peerValue(peer)}`;
  return uri;
}

/** Needs no escape: no letter of a literal or a name means anything in a link. */
function peerValue(peer: PeerAddress): string {
  if (canBeDialled(peer)) return formatPeerAddress(peer);
  const found = `"${printable(peer.host, 80)}" and port ${peer.port}`;
  throw new RangeError(`peers: expected an IP literal or a name, and a port from 1 to 65535, got ${found}`);
}

/** What is well-formed in a link, so far; of a hint the first. */
interface Parameters {
  readonly topics: string[];
  name: string | undefined;
  length: number | undefined;
  readonly peers: PeerAddress[];
}

function readParameter(parameter: string, found: Parameters): void {
  const equals = parameter.indexOf('=');
  if (equals < 0) return;
  const key = parameter.slice(0, equals);
  const value = parameter.slice(equals + 1);
  // Several topics may also be numbered: xt.1, xt.2.
  if (/^xt(?:\.\d+)?$/.test(key)) found.topics.push(unescapeValue(value) ?? value);
  else if (key === 'dn') found.name ??= unescapeValue(value);
  else if (key === 'xl') found.length ??= parseLength(value);
  else if (key === 'x.pe') found.peers.push(parsePeerAddress(unescapeValue(value) ?? value));
}

/** Nothing if the value is not percent-encoded UTF-8. */
function unescapeValue(value: string): string | undefined {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

/** Nothing if the value is no number of bytes. */
function parseLength(value: string): number | undefined {
  const length = Number(value);
  return /^[0-9]{1,16}$/.test(value) && Number.isSafeInteger(length) ? length : undefined;
}

function findInfoHash(topics: readonly string[]): Uint8Array {
  for (const topic of topics) {
    const digits = /^urn:btih:(.*)$/i.exec(topic)?.[1];
    if (digits !== undefined) return parseInfoHash(digits);
  }
  const hint = topics.some((topic) => /^urn:btmh:/i.test(topic)) ? ', found a v2 hash only (BEP 52)' : ', found none';
  throw new WireError('bad-magnet', `xt: expected urn:btih: and an info-hash${hint}`);
}

function parseInfoHash(digits: string): Uint8Array {
  if (/^[0-9a-f]{40}$/i.test(digits)) return fromHex(digits);
  if (/^[a-z2-7]{32}$/i.test(digits)) return fromBase32(digits.toLowerCase());
  const found = printable(digits, 60);
  throw new WireError('bad-magnet', `xt: expected 40 hexadecimal or 32 base32 digits, found "${found}"`);
}

/** RFC 4648, section 6; the caller has checked length and letters. */
function fromBase32(digits: string): Uint8Array {
  const bytes = new Uint8Array(SHA1_BYTES);
  let bits = 0;
  let bitCount = 0;
  let offset = 0;
  for (const digit of digits) {
    bits = ((bits << 5) | 'abcdefghijklmnopqrstuvwxyz234567'.indexOf(digit)) & 0xfff;
    bitCount += 5;
    if (bitCount < 8) continue;
    bitCount -= 8;
    bytes[offset++] = bits >>> bitCount;
  }
  return bytes;
}
