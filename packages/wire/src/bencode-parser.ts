import type { BencodeDictionary, BencodeLimits, BencodeValue } from './bencode-value.js';
import { viewOf } from './byte-order.js';
import { MAX_BENCODE_TOKENS, MAX_KEY_BYTES, MAX_TORRENT_BYTES } from './constants.js';
import { bytesToLatin1 } from './utf8.js';
import { WireError } from './wire-error.js';

const DEFAULT_MAX_DEPTH = 100;
/** Digits of 2^64 - 1, the longest integer anybody writes. */
const MAX_INTEGER_DIGITS = 20;
/** Digits of a string's length: more than any input has bytes. */
const MAX_LENGTH_DIGITS = 10;

const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
const MINUS = 0x2d;
const COLON = 0x3a;
const LETTER_D = 0x64;
const LETTER_E = 0x65;
const LETTER_I = 0x69;
const LETTER_L = 0x6c;

/** A list or dictionary that is still open. */
type OpenContainer = OpenList | OpenDictionary;

interface OpenList {
  readonly kind: 'list';
  readonly value: BencodeValue[];
}

interface OpenDictionary {
  readonly kind: 'dictionary';
  readonly value: Map<string, BencodeValue>;
  /** The key whose value comes next. */
  key: string | undefined;
}

/** A dictionary and the exact bytes of the value that was asked for. */
export interface ParsedDictionary {
  readonly dictionary: BencodeDictionary;
  readonly rawValue: Uint8Array | undefined;
}

/** One pass over bencoded bytes. Nesting lives on a stack of our own, so depth cannot overflow the engine's. */
export class BencodeParser {
  readonly #bytes: Uint8Array;
  readonly #maxDepth: number;
  readonly #maxTokens: number;
  readonly #rawKey: string | undefined;
  readonly #open: OpenContainer[] = [];
  #offset = 0;
  #tokens = 0;
  #valueStart = 0;
  #rawValue: Uint8Array | undefined;

  /** @param rawKey the key of the outermost dictionary whose exact bytes are wanted */
  constructor(bytes: Uint8Array, limits: BencodeLimits = {}, rawKey?: string) {
    const { maxBytes = MAX_TORRENT_BYTES, maxDepth = DEFAULT_MAX_DEPTH, maxTokens = MAX_BENCODE_TOKENS } = limits;
    if (bytes.length > maxBytes) {
      throw new WireError('bad-bencode', `expected at most ${maxBytes} bytes, found ${bytes.length}`);
    }
    this.#bytes = bytes;
    this.#maxDepth = maxDepth;
    this.#maxTokens = maxTokens;
    this.#rawKey = rawKey;
  }

  /** Bytes read so far. */
  get offset(): number {
    return this.#offset;
  }

  /** Values, keys and containers read so far: the measure of work done. */
  get tokens(): number {
    return this.#tokens;
  }

  parse(): BencodeValue {
    for (;;) {
      const value = this.#step();
      if (value === undefined) continue;
      const container = this.#open.at(-1);
      if (container === undefined) return value;
      this.#addTo(container, value);
    }
  }

  parseDictionary(): ParsedDictionary {
    if (this.#bytes[0] !== LETTER_D) throw this.#error('a dictionary');
    const value = this.parse();
    // The first byte already said so; this is for the compiler.
    if (!(value instanceof Map)) throw this.#error('a dictionary');
    return { dictionary: value, rawValue: this.#rawValue };
  }

  expectEnd(): void {
    if (this.#offset < this.#bytes.length) throw this.#error('the end of the input');
  }

  /** Reads one thing; returns a value when one is complete, nothing after a key or an opening. */
  #step(): BencodeValue | undefined {
    const container = this.#open.at(-1);
    const byte = this.#bytes[this.#offset];
    if (byte === LETTER_E && container !== undefined) return this.#close(container);
    this.#countToken();
    if (container?.kind === 'dictionary' && container.key === undefined) {
      this.#readKey(container);
      return undefined;
    }
    if (this.#open.length === 1) this.#valueStart = this.#offset;
    if (byte === LETTER_I) return this.#readInteger();
    if (byte === LETTER_L || byte === LETTER_D) {
      this.#openContainer(byte);
      return undefined;
    }
    return this.#readString();
  }

  #addTo(container: OpenContainer, value: BencodeValue): void {
    if (container.kind === 'list') {
      container.value.push(value);
      return;
    }
    const key = container.key ?? '';
    container.value.set(key, value);
    container.key = undefined;
    if (this.#open.length === 1 && key === this.#rawKey) {
      this.#rawValue = viewOf(this.#bytes, this.#valueStart, this.#offset - this.#valueStart);
    }
  }

  #openContainer(letter: number): void {
    if (this.#open.length >= this.#maxDepth) throw this.#error(`at most ${this.#maxDepth} levels of nesting`);
    this.#offset++;
    const isList = letter === LETTER_L;
    this.#open.push(isList ? { kind: 'list', value: [] } : { kind: 'dictionary', value: new Map(), key: undefined });
  }

  #close(container: OpenContainer): BencodeValue {
    if (container.kind === 'dictionary' && container.key !== undefined)
      throw this.#error('a value for the key before it');
    this.#offset++;
    this.#open.pop();
    return container.value;
  }

  #readKey(container: OpenDictionary): void {
    const start = this.#offset;
    const bytes = this.#readString();
    if (bytes.length > MAX_KEY_BYTES) {
      this.#offset = start;
      throw this.#error(`a key of at most ${MAX_KEY_BYTES} bytes`, `one of ${bytes.length}`);
    }
    const key = bytesToLatin1(bytes);
    if (container.value.has(key)) {
      this.#offset = start;
      throw this.#error('each key once');
    }
    container.key = key;
  }

  #readString(): Uint8Array {
    const start = this.#offset;
    const end = this.#skipDigits(MAX_LENGTH_DIGITS, 'an integer, string, list or dictionary');
    const length = numberOf(this.#bytes, start, end);
    if (this.#bytes[this.#offset] !== COLON) throw this.#error('":" after the length of a string');
    this.#offset++;
    if (length > this.#bytes.length - this.#offset) {
      this.#offset = start;
      throw this.#error(`${length} bytes of string, input has fewer`);
    }
    const value = viewOf(this.#bytes, this.#offset, length);
    this.#offset += length;
    return value;
  }

  #readInteger(): number | bigint {
    this.#offset++;
    const isNegative = this.#bytes[this.#offset] === MINUS;
    if (isNegative) this.#offset++;
    const start = this.#offset;
    const end = this.#skipDigits(MAX_INTEGER_DIGITS, 'digits of an integer');
    const value = numberOf(this.#bytes, start, end);
    if (isNegative && value === 0) throw this.#error('no minus before zero');
    if (this.#bytes[end] !== LETTER_E) throw this.#error('"e" after an integer');
    this.#offset++;
    if (Number.isSafeInteger(value)) return isNegative ? -value : value;
    const exact = BigInt(bytesToLatin1(this.#bytes.subarray(start, end)));
    return isNegative ? -exact : exact;
  }

  /** Passes over digits without a leading zero, so that every number has one form; returns where they end. */
  #skipDigits(most: number, expected: string): number {
    const start = this.#offset;
    let end = start;
    while (end - start <= most && isDigit(this.#bytes[end])) end++;
    if (end === start) throw this.#error(expected);
    if (end - start > most) throw this.#error(`at most ${most} digits`);
    if (end - start > 1 && this.#bytes[start] === DIGIT_0) throw this.#error('no leading zero');
    this.#offset = end;
    return end;
  }

  #countToken(): void {
    this.#tokens++;
    if (this.#tokens > this.#maxTokens) throw this.#error(`at most ${this.#maxTokens} values and keys`);
  }

  #error(expected: string, found = this.#foundHere()): WireError {
    return new WireError('bad-bencode', `offset ${this.#offset}: expected ${expected}, found ${found}`);
  }

  #foundHere(): string {
    const byte = this.#bytes[this.#offset];
    return byte === undefined ? 'the end of the input' : `byte 0x${byte.toString(16).padStart(2, '0')}`;
  }
}

/** Exact as far as the result is a safe integer; else merely no safe integer either. */
function numberOf(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let index = start; index < end; index++) value = value * 10 + ((bytes[index] ?? DIGIT_0) - DIGIT_0);
  return value;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= DIGIT_0 && byte <= DIGIT_9;
}
