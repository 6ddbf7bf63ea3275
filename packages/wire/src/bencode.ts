import { BencodeParser, type ParsedDictionary } from './bencode-parser.js';
import type { BencodeLimits, BencodeValue } from './bencode-value.js';

/**
 * Decodes one value that takes up the whole input.
 *
 * Strict where leniency would give one value two forms (leading zeros, `-0`, duplicate keys); keys out of order are accepted,
 * for torrents in the wild have them. Iterative, with cost linear in the input.
 *
 * @throws {WireError} `bad-bencode` naming the offset
 * @see BEP 3, "bencoding"
 * @example
 * decodeBencode(new TextEncoder().encode('d1:ai7ee')); // Map { 'a' => 7 }
 */
export function decodeBencode(bytes: Uint8Array, limits?: BencodeLimits): BencodeValue {
  const parser = new BencodeParser(bytes, limits);
  const value = parser.parse();
  parser.expectEnd();
  return value;
}

/**
 * Decodes the value at the beginning of the input and tells how long it was: in `ut_metadata` raw data follows directly.
 *
 * @throws {WireError} `bad-bencode`
 * @see BEP 9
 */
export function decodeBencodePrefix(
  bytes: Uint8Array,
  limits?: BencodeLimits,
): { readonly value: BencodeValue; readonly bytesRead: number } {
  const parser = new BencodeParser(bytes, limits);
  const value = parser.parse();
  return { value, bytesRead: parser.offset };
}

/**
 * The exact bytes of one value of the dictionary that the input is, a view; nothing if the dictionary lacks the key.
 *
 * An info-hash is computed over these, for decoding and encoding again changes a file whose keys are out of order.
 *
 * @throws {WireError} `bad-bencode` if the input is not one whole dictionary
 */
export function rawDictionaryValue(bytes: Uint8Array, key: string, limits?: BencodeLimits): Uint8Array | undefined {
  return parseDictionary(bytes, key, limits).rawValue;
}

/** Decodes a whole input that must be a dictionary, and finds the exact bytes of one of its values. */
export function parseDictionary(bytes: Uint8Array, key: string, limits?: BencodeLimits): ParsedDictionary {
  const parser = new BencodeParser(bytes, limits, key);
  const parsed = parser.parseDictionary();
  parser.expectEnd();
  return parsed;
}
