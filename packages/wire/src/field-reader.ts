import type { BencodeDictionary, BencodeValue } from './bencode-value.js';
import { printable } from './printable.js';
import { decodeUtf8 } from './utf8.js';
import { WireError, type WireErrorCode } from './wire-error.js';

/**
 * Typed reading of a decoded dictionary. A field that is absent is `undefined`; one of the wrong kind or out of bounds is a
 * `WireError` that names it.
 */
export class FieldReader {
  readonly #dictionary: BencodeDictionary;
  readonly #code: WireErrorCode;

  constructor(value: BencodeValue | undefined, code: WireErrorCode, what: string) {
    if (!isDictionary(value)) throw new WireError(code, `${what}: expected a dictionary, found ${kindOf(value)}`);
    this.#dictionary = value;
    this.#code = code;
  }

  has(key: string): boolean {
    return this.#dictionary.has(key);
  }

  value(key: string): BencodeValue | undefined {
    return this.#dictionary.get(key);
  }

  bytes(key: string): Uint8Array | undefined {
    const value = this.#dictionary.get(key);
    if (value === undefined || value instanceof Uint8Array) return value;
    throw this.error(`"${key}": expected a string, found ${kindOf(value)}`);
  }

  text(key: string): string | undefined {
    const bytes = this.bytes(key);
    return bytes === undefined ? undefined : decodeUtf8(bytes);
  }

  integer(key: string, least: number, most: number): number | undefined {
    const value = this.#dictionary.get(key);
    if (value === undefined) return undefined;
    if (typeof value === 'number' && value >= least && value <= most) return value;
    throw this.error(`"${key}": expected an integer from ${least} to ${most}, found ${kindOf(value)}`);
  }

  list(key: string): readonly BencodeValue[] | undefined {
    const value = this.#dictionary.get(key);
    if (value === undefined || isList(value)) return value;
    throw this.error(`"${key}": expected a list, found ${kindOf(value)}`);
  }

  required<T>(key: string, value: T | undefined): T {
    if (value === undefined) throw this.error(`"${key}": expected, but missing`);
    return value;
  }

  error(message: string): WireError {
    return new WireError(this.#code, message);
  }
}

// Array.isArray does not narrow readonly arrays out of a union.
export function isList(value: BencodeValue): value is readonly BencodeValue[] {
  return Array.isArray(value);
}

// `instanceof Map` alone would narrow to a map of anything.
export function isDictionary(value: BencodeValue | undefined): value is BencodeDictionary {
  return value instanceof Map;
}

/** Names a value for an error message, safe to show. */
export function kindOf(value: BencodeValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (value instanceof Uint8Array) return `the string "${printable(decodeUtf8(value.subarray(0, 80)), 40)}"`;
  if (value instanceof Map) return 'a dictionary';
  return typeof value === 'object' ? 'a list' : String(value);
}
