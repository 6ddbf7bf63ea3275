import { MAX_BENCODE_TOKENS, MAX_METADATA_BYTES, MAX_PATH_DEPTH, MAX_PIECE_BYTES, SHA1_BYTES } from './constants.js';
import { countTokens, encodeBencode, type BencodeInput } from './encode-bencode.js';
import { PieceLayout } from './piece-layout.js';
import { encodeUtf8 } from './utf8.js';

/** What an info dictionary is made from: `length` for one file, or `files` for a folder. */
export interface InfoFields {
  /** Name of the file or folder. */
  readonly name: string;
  /** Bytes of a piece; see `defaultPieceLength`. */
  readonly pieceLength: number;
  /** The SHA-1 digests of all pieces, 20 bytes each. */
  readonly pieceHashes: Uint8Array;
  /** BEP 27; default false. */
  readonly isPrivate?: boolean | undefined;
  /** SHA-1 of the one file, 20 bytes. */
  readonly sha1?: Uint8Array | undefined;
  /** Bytes of the one file. */
  readonly length?: number | undefined;
  /** The files of a folder, in the order of their bytes; at least one. */
  readonly files?: readonly InfoFile[] | undefined;
}

/** One file of a folder. */
export interface InfoFile {
  /** Elements below the folder. */
  readonly path: readonly string[];
  /** Bytes. */
  readonly length: number;
  /** SHA-1 of the whole file, 20 bytes. */
  readonly sha1?: Uint8Array | undefined;
  /** BEP 47: letters p, x, h. */
  readonly attributes?: string | undefined;
}

/** Hints around the info dictionary; none of them changes the info-hash. */
export interface MetainfoExtra {
  readonly createdBy?: string | undefined;
  /** One tracker's URL. */
  readonly announce?: string | undefined;
  readonly comment?: string | undefined;
}

const DEFAULT_PIECE_LENGTH = 65_536;
/** Above this many pieces the default piece length doubles, so that metadata stays small (design decision D4). */
const DEFAULT_MAX_PIECES = 16_384;

/** A torrent file is read as one value too, and has 8 more: itself, "info", and three hints with their keys. */
const MAX_INFO_TOKENS = MAX_BENCODE_TOKENS - 8;

/**
 * The bytes of an info dictionary in canonical form: the same fields give the same info-hash everywhere. `decodeInfo` reads
 * whatever this returns.
 *
 * @throws {RangeError} if a field is out of bounds, the digests are not one for each piece, or the whole is larger than
 *   `MAX_METADATA_BYTES` or has more values and keys than a decoder takes (some 200,000 files)
 * @throws {TypeError} unless exactly one of `length` and `files` is given
 * @see BEP 3, "info dictionary"; BEP 27; BEP 47; `sha1` as libtorrent reads it
 */
export function encodeInfo(fields: InfoFields): Uint8Array {
  const { name, pieceLength, pieceHashes, isPrivate = false, sha1, length, files } = fields;
  if ((length === undefined) === (files === undefined)) {
    throw new TypeError('fields: expected either "length" or "files"');
  }
  if (files?.length === 0) throw new RangeError('files: expected at least one file, got none');
  if (name === '') throw new RangeError('name: expected at least one character, got none');
  assertSha1('sha1', sha1);
  const totalBytes = length ?? (files ?? []).reduce((sum, file) => sum + file.length, 0);
  const { pieceCount } = new PieceLayout(pieceLength, totalBytes);
  if (pieceHashes.length !== pieceCount * SHA1_BYTES) {
    throw new RangeError(`pieceHashes: expected ${pieceCount * SHA1_BYTES} bytes, got ${pieceHashes.length}`);
  }
  const info = {
    files: files?.map(fileInput),
    length,
    name,
    'piece length': pieceLength,
    pieces: pieceHashes,
    private: isPrivate ? 1 : undefined,
    sha1,
  };
  assertTokens(countTokens(info));
  return assertMetadataSize(encodeBencode(info));
}

/**
 * The bytes of a `.torrent` file around an info dictionary, which is taken over byte for byte.
 *
 * @throws {RangeError} if `infoBytes` is longer than `MAX_METADATA_BYTES`
 * @see BEP 3, "metainfo files"
 */
export function encodeMetainfo(infoBytes: Uint8Array, extra: MetainfoExtra = {}): Uint8Array {
  assertMetadataSize(infoBytes);
  const around = encodeBencode({
    announce: extra.announce,
    comment: extra.comment,
    'created by': extra.createdBy,
  });
  // "info" sorts after all of these, so it goes right before the end.
  const head = around.subarray(0, -1);
  const key = encodeUtf8('4:info');
  const torrent = new Uint8Array(head.length + key.length + infoBytes.length + 1);
  torrent.set(head);
  torrent.set(key, head.length);
  torrent.set(infoBytes, head.length + key.length);
  torrent[torrent.length - 1] = 'e'.charCodeAt(0);
  return torrent;
}

/**
 * The piece length to use for content of this size: 64 KiB while that gives at most 16,384 pieces (1 GiB), then doubled until
 * it does, up to 64 MiB.
 *
 * @throws {RangeError} if 64 MiB would still give more than `MAX_PIECE_COUNT` pieces (128 TiB)
 */
export function defaultPieceLength(totalBytes: number): number {
  let pieceLength = DEFAULT_PIECE_LENGTH;
  while (pieceLength < MAX_PIECE_BYTES && totalBytes / pieceLength > DEFAULT_MAX_PIECES) pieceLength *= 2;
  return new PieceLayout(pieceLength, totalBytes).pieceLength;
}

function fileInput(file: InfoFile): BencodeInput {
  if (!Number.isSafeInteger(file.length) || file.length < 0) {
    throw new RangeError(`length: expected a safe integer from 0, got ${file.length}`);
  }
  if (file.path.length < 1 || file.path.length > MAX_PATH_DEPTH) {
    throw new RangeError(`path: expected 1 to ${MAX_PATH_DEPTH} elements, got ${file.path.length}`);
  }
  if (file.attributes !== undefined && !/^[pxh]*$/.test(file.attributes)) {
    throw new RangeError(`attributes: expected letters p, x and h, got ${JSON.stringify(file.attributes)}`);
  }
  assertSha1('sha1', file.sha1);
  return { attr: file.attributes, length: file.length, path: file.path, sha1: file.sha1 };
}

function assertSha1(name: string, digest: Uint8Array | undefined): void {
  if (digest === undefined || digest.length === SHA1_BYTES) return;
  throw new RangeError(`${name}: expected ${SHA1_BYTES} bytes, got ${digest.length}`);
}

function assertTokens(count: number): void {
  if (count <= MAX_INFO_TOKENS) return;
  throw new RangeError(
    `info: expected at most ${MAX_INFO_TOKENS} values and keys, got ${count}; make several torrents of fewer files`,
  );
}

function assertMetadataSize(infoBytes: Uint8Array): Uint8Array {
  if (infoBytes.length <= MAX_METADATA_BYTES) return infoBytes;
  throw new RangeError(
    `info: expected at most ${MAX_METADATA_BYTES} bytes, got ${infoBytes.length}; ` +
      'choose longer pieces, or make several torrents of fewer files',
  );
}
