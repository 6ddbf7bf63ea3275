import { readUint16, writeUint16 } from './byte-order.js';

/**
 * The bytes of an IP literal: 4 or 16 (a new array). An IPv4-mapped IPv6 literal gives the 4 of IPv4, for it is the same host.
 *
 * @returns nothing for a name, a literal with a zone, or anything else
 */
export function hostBytes(host: string): Uint8Array | undefined {
  // The longest literal has 45 characters; what is longer is not worth looking at.
  if (host.length > 45) return undefined;
  if (!host.includes(':')) return ipv4Bytes(host);
  const bytes = ipv6Bytes(host);
  return bytes !== undefined && isIpv4Mapped(bytes) ? bytes.slice(12) : bytes;
}

/**
 * The canonical literal of 4 or 16 bytes: dotted IPv4 (also for IPv4-mapped IPv6), or IPv6 as in RFC 5952.
 *
 * @throws {RangeError} if there are not 4 or 16 bytes
 */
export function hostFromBytes(bytes: Uint8Array): string {
  if (bytes.length === 4) return ipv4FromBytes(bytes, 0);
  if (bytes.length !== 16) throw new RangeError(`bytes: expected 4 or 16 bytes of address, got ${bytes.length}`);
  if (isIpv4Mapped(bytes)) return ipv4FromBytes(bytes, 12);
  const groups = Array.from({ length: 8 }, (_, index) => readUint16(bytes, index * 2));
  const { start, length } = longestZeroRun(groups);
  if (length < 2) return formatGroups(groups);
  return `${formatGroups(groups.slice(0, start))}::${formatGroups(groups.slice(start + length))}`;
}

/**
 * The dotted literal of the four bytes at `at`.
 *
 * Peers tell the same addresses over and over, and whoever gets one looks it up in tables: the literals that were made last are
 * kept, so that the same host is the same string.
 */
export function ipv4FromBytes(bytes: Uint8Array, at: number): string {
  const [a = 0, b = 0, c = 0, d = 0] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
  const number = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  const known = literals.get(number);
  if (known !== undefined) return known;
  const text = `${a}.${b}.${c}.${d}`;
  if (literals.size >= MAX_LITERALS) literals.clear();
  literals.set(number, text);
  return text;
}

/** The literals made last, by address. */
const literals = new Map<number, string>();
/** More hosts than one swarm's peer book holds; some megabyte. */
const MAX_LITERALS = 16_384;

/** Digit by digit: peer books ask this of every address they touch, and a pattern costs ten times as much. */
function ipv4Bytes(host: string): Uint8Array | undefined {
  const bytes = new Uint8Array(4);
  let part = 0;
  let digitCount = 0;
  let value = 0;
  for (let index = 0; index <= host.length; index++) {
    const digit = index === host.length ? DOT : host.charCodeAt(index) - ZERO;
    if (digit === DOT) {
      if (digitCount === 0 || part > 3) return undefined;
      bytes[part++] = value;
      digitCount = value = 0;
      continue;
    }
    // A leading zero means octal to some parsers: two readers, two hosts.
    if (digit < 0 || digit > 9 || (digitCount > 0 && value === 0)) return undefined;
    value = value * 10 + digit;
    digitCount++;
    if (value > 255) return undefined;
  }
  return part === 4 ? bytes : undefined;
}

const ZERO = 48;
/** The code of "." as a digit would be read. */
const DOT = 46 - ZERO;

function ipv6Bytes(host: string): Uint8Array | undefined {
  const text = withoutDottedTail(host);
  const halves = text?.split('::') ?? [];
  const [head, tail] = halves.map((half) => (half === '' ? [] : half.split(':')));
  if (head === undefined || halves.length > 2) return undefined;
  const given = head.length + (tail?.length ?? 0);
  // "::" stands for at least one group (RFC 4291, section 2.2).
  if (tail === undefined ? given !== 8 : given > 7) return undefined;
  const groups = [...head, ...Array.from({ length: 8 - given }, () => '0'), ...(tail ?? [])];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  const bytes = new Uint8Array(16);
  groups.forEach((group, index) => writeUint16(bytes, index * 2, parseInt(group, 16)));
  return bytes;
}

/** Turns the dotted end of `::ffff:1.2.3.4` into two groups. */
function withoutDottedTail(host: string): string | undefined {
  if (!host.includes('.')) return host;
  const colon = host.lastIndexOf(':');
  const bytes = ipv4Bytes(host.slice(colon + 1));
  if (bytes === undefined) return undefined;
  return `${host.slice(0, colon)}:${readUint16(bytes, 0).toString(16)}:${readUint16(bytes, 2).toString(16)}`;
}

function isIpv4Mapped(bytes: Uint8Array): boolean {
  return bytes[10] === 0xff && bytes[11] === 0xff && bytes.subarray(0, 10).every((byte) => byte === 0);
}

/** The longest run of zero groups, the first of equals (RFC 5952, section 4.2.3). */
function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let length = 0;
  groups.forEach((group, index) => {
    length = group === 0 ? length + 1 : 0;
    if (length > best.length) best = { start: index - length + 1, length };
  });
  return best;
}

function formatGroups(groups: readonly number[]): string {
  return groups.map((group) => group.toString(16)).join(':');
}
