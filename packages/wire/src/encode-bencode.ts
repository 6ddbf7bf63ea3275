import { ByteWriter } from './byte-writer.js';
import { MAX_KEY_BYTES } from './constants.js';
import { encodeUtf8 } from './utf8.js';

/**
 * What can be encoded: everything that `decodeBencode` returns, and for convenience text (as UTF-8) and plain records.
 * A field of a record that is `undefined` is left out.
 */
export type BencodeInput =
  | number
  | bigint
  | string
  | Uint8Array
  | readonly BencodeInput[]
  | ReadonlyMap<string, BencodeInput>
  | { readonly [key: string]: BencodeInput | undefined };

/** As deep as a decoder will follow. */
const MAX_DEPTH = 100;

/**
 * Encodes a value in its one canonical form: keys sorted by bytes, no leading zeros.
 *
 * Keys of maps and records stand for one byte a character, as `decodeBencode` returns them.
 *
 * @throws {RangeError} if a number is no safe integer (use a bigint), a key has a character above 0xFF or more than 1,024 of
 *   them, or values are nested deeper than 100
 * @throws {TypeError} for a value of any other kind
 * @see BEP 3, "bencoding"
 */
export function encodeBencode(value: BencodeInput): Uint8Array {
  const writer = new ByteWriter();
  writeValue(writer, value, 0);
  return writer.toBytes();
}

/** Integers, strings, keys, lists and dictionaries together, as a decoder counts them. */
export function countTokens(value: BencodeInput): number {
  if (typeof value !== 'object' || value instanceof Uint8Array) return 1;
  if (isList(value)) return value.reduce<number>((count, item) => count + countTokens(item), 1);
  let count = 1;
  for (const field of isMap(value) ? value.values() : Object.values(value)) {
    if (field !== undefined) count += 1 + countTokens(field);
  }
  return count;
}

function writeValue(writer: ByteWriter, value: BencodeInput, depth: number): void {
  if (typeof value === 'number' || typeof value === 'bigint') writeInteger(writer, value);
  else if (typeof value === 'string') writeString(writer, encodeUtf8(value));
  else if (value instanceof Uint8Array) writeString(writer, value);
  else writeContainer(writer, value, depth);
}

function writeContainer(writer: ByteWriter, value: BencodeInput, depth: number): void {
  if (depth >= MAX_DEPTH) throw new RangeError(`value: expected at most ${MAX_DEPTH} levels of nesting, got more`);
  if (isList(value)) {
    writer.latin1('l');
    for (const item of value) writeValue(writer, item, depth + 1);
    writer.latin1('e');
  } else if (typeof value === 'object') {
    writeDictionary(writer, isMap(value) ? [...value] : Object.entries(value), depth);
  } else {
    throw new TypeError(`value: expected an integer, text, bytes, list, map or record, got ${typeof value}`);
  }
}

function writeDictionary(writer: ByteWriter, entries: [string, BencodeInput | undefined][], depth: number): void {
  // One character is one byte, so the order of code units is the order of bytes; no locale comes into it.
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  writer.latin1('d');
  for (const [key, value] of entries) {
    if (value === undefined) continue;
    if (key.length > MAX_KEY_BYTES) {
      throw new RangeError(`key: expected at most ${MAX_KEY_BYTES} characters, got ${key.length}`);
    }
    if (/[\u0100-\uFFFF]/.test(key)) throw new RangeError(`key: expected one byte a character, got "${key}"`);
    writer.latin1(`${key.length}:`);
    writer.latin1(key);
    writeValue(writer, value, depth + 1);
  }
  writer.latin1('e');
}

function writeInteger(writer: ByteWriter, value: number | bigint): void {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw new RangeError(`value: expected a safe integer or a bigint, got ${value}`);
  }
  // Minus zero is written as "0": it has no form of its own.
  writer.latin1(`i${value}e`);
}

function writeString(writer: ByteWriter, bytes: Uint8Array): void {
  writer.latin1(`${bytes.length}:`);
  writer.bytes(bytes);
}

// Array.isArray does not narrow readonly arrays out of a union.
function isList(value: BencodeInput): value is readonly BencodeInput[] {
  return Array.isArray(value);
}

// `instanceof Map` alone would narrow to a map of anything.
function isMap(value: BencodeInput): value is ReadonlyMap<string, BencodeInput> {
  return value instanceof Map;
}
