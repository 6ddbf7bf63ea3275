/**
 * A decoded value. Integers that are not safe in a number are bigint. Strings are bytes, *views* into the input. Keys of
 * dictionaries have one character for each byte (latin1), which loses nothing whatever the encoding was.
 */
export type BencodeValue = number | bigint | Uint8Array | readonly BencodeValue[] | BencodeDictionary;

/** A decoded dictionary, in the order of the input. A `Map`, so that a key such as `__proto__` is only a key. */
export type BencodeDictionary = ReadonlyMap<string, BencodeValue>;

/**
 * Bounds on decoding; each has a default that suits the largest torrents. Two are fixed: a key has at most 1,024 bytes, an
 * integer at most 20 digits.
 */
export interface BencodeLimits {
  /** Most bytes of input; default `MAX_TORRENT_BYTES`, 32 MiB. */
  readonly maxBytes?: number;
  /** Deepest nesting of lists and dictionaries; default 100, as in libtorrent. */
  readonly maxDepth?: number;
  /** Most integers, strings, keys, lists and dictionaries together; default 2,000,000. */
  readonly maxTokens?: number;
}
