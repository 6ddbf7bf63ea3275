import type { BencodeValue } from './bencode-value.js';
import { decodeBencode, parseDictionary } from './bencode.js';
import { MAX_METADATA_BYTES, MAX_PIECE_BYTES, MAX_PIECE_COUNT, MAX_TORRENT_BYTES, SHA1_BYTES } from './constants.js';
import { FieldReader, isList } from './field-reader.js';
import { decodeFiles, type FileEntry } from './file-entry.js';
import { PieceLayout } from './piece-layout.js';
import { sha1 } from './sha1.js';
import { decodeUtf8 } from './utf8.js';
import { WireError } from './wire-error.js';

export type { FileEntry };

/** What is known of a torrent: the info dictionary, decoded and checked. */
export interface Metainfo {
  /** SHA-1 of `infoBytes`, 20 bytes: the name of the torrent among peers. */
  readonly infoHash: Uint8Array;
  /** The info dictionary exactly as it was received or made. */
  readonly infoBytes: Uint8Array;
  /** Suggested name of the file or folder; foreign text, not yet safe to show or to use as a path. */
  readonly name: string;
  /** How the content falls into pieces and blocks. */
  readonly layout: PieceLayout;
  /** The SHA-1 digests of all pieces, one after the other; a view into `infoBytes`. */
  readonly pieceHashes: Uint8Array;
  /** The files in the order of their bytes; never empty. */
  readonly files: readonly FileEntry[];
  /** Whether `name` is a file, not a folder. */
  readonly isSingleFile: boolean;
  /** No peers but those one is told of: no DHT, no PEX (BEP 27). */
  readonly isPrivate: boolean;
  /** SHA-1 of the whole file, 20 bytes, if there is one file and its maker said so (key `sha1`, as libtorrent reads it). */
  readonly sha1?: Uint8Array | undefined;
}

/** A `.torrent` file. What is not in `metainfo` is hints: it is outside the info-hash, and anybody can change it. */
export interface MetainfoFile {
  readonly metainfo: Metainfo;
  /** Tiers of tracker URLs (BEP 12), only reported: this system has no tracker. What is no text is left out. */
  readonly announce: readonly (readonly string[])[];
  /** Absent also if it is no text. */
  readonly createdBy?: string | undefined;
  /** Absent also if it is no text. */
  readonly comment?: string | undefined;
}

/**
 * Decodes a `.torrent` file. The info-hash is computed over the exact bytes of its info dictionary. `torrentBytes` is copied.
 * Hints around the info dictionary that are malformed count as absent.
 *
 * @throws {WireError} `bad-bencode` or `bad-metainfo`, naming the key
 * @see BEP 3, "metainfo files"; BEP 12; BEP 27; BEP 47
 * @example
 * const { metainfo } = decodeMetainfo(await readFile('debian.torrent'));
 * console.log(toHex(metainfo.infoHash), metainfo.layout.totalBytes);
 */
export function decodeMetainfo(torrentBytes: Uint8Array): MetainfoFile {
  // Copied at once, not only the info dictionary: so it is parsed once, and its parts are views into what we keep.
  const bytes = Uint8Array.from(torrentBytes);
  const { dictionary, rawValue } = parseDictionary(bytes, 'info', { maxBytes: MAX_TORRENT_BYTES });
  const fields = new FieldReader(dictionary, 'bad-metainfo', 'torrent');
  const infoBytes = fields.required('info', rawValue);
  refuseLong(infoBytes);
  return {
    metainfo: readInfo(infoBytes, fields.value('info')),
    announce: decodeAnnounce(fields),
    createdBy: hintOf(fields, 'created by'),
    comment: hintOf(fields, 'comment'),
  };
}

/**
 * Decodes and checks an info dictionary, from a torrent file or from a peer (BEP 9). `infoBytes` is copied.
 *
 * @throws {WireError} `bad-bencode` or `bad-metainfo`, naming the key, if it is malformed, beyond a bound, or v2 only
 */
export function decodeInfo(infoBytes: Uint8Array): Metainfo {
  refuseLong(infoBytes);
  const bytes = Uint8Array.from(infoBytes);
  return readInfo(bytes, decodeBencode(bytes));
}

function refuseLong({ length }: Uint8Array): void {
  if (length <= MAX_METADATA_BYTES) return;
  throw new WireError('bad-metainfo', `info: expected at most ${MAX_METADATA_BYTES} bytes, found ${length}`);
}

/** @param value what `infoBytes` say; its strings are views that are kept */
function readInfo(infoBytes: Uint8Array, value: BencodeValue | undefined): Metainfo {
  const fields = new FieldReader(value, 'bad-metainfo', 'info');
  if (fields.has('meta version') && !fields.has('pieces')) {
    throw fields.error('info: expected a v1 or hybrid torrent, found v2 only (BEP 52), which is not supported');
  }
  const name = fields.required('name', fields.text('name.utf-8') ?? fields.text('name'));
  if (name === '') throw fields.error('"name": expected at least one character, found none');
  const files = decodeFiles(fields, name);
  const layout = decodeLayout(fields, files);
  return {
    infoHash: sha1(infoBytes),
    infoBytes,
    name,
    layout,
    pieceHashes: decodePieceHashes(fields, layout),
    files,
    isSingleFile: !fields.has('files'),
    isPrivate: fields.integer('private', 0, Number.MAX_SAFE_INTEGER) === 1,
    sha1: fields.has('files') ? undefined : files[0]?.sha1,
  };
}

function decodeLayout(fields: FieldReader, files: readonly FileEntry[]): PieceLayout {
  const pieceLength = fields.required('piece length', fields.integer('piece length', 1, MAX_PIECE_BYTES));
  const last = files.at(-1);
  const totalBytes = last === undefined ? 0 : last.offset + last.length;
  const pieceCount = Math.ceil(totalBytes / pieceLength);
  if (pieceCount > MAX_PIECE_COUNT) {
    throw fields.error(`"piece length": expected at most ${MAX_PIECE_COUNT} pieces, found ${pieceCount}`);
  }
  return new PieceLayout(pieceLength, totalBytes);
}

function decodePieceHashes(fields: FieldReader, layout: PieceLayout): Uint8Array {
  const hashes = fields.required('pieces', fields.bytes('pieces'));
  const expected = layout.pieceCount * SHA1_BYTES;
  if (hashes.length === expected) return hashes;
  throw fields.error(`"pieces": expected ${expected} bytes for ${layout.pieceCount} pieces, found ${hashes.length}`);
}

/** Trackers are not our business, so what is malformed here counts as absent. */
function decodeAnnounce(fields: FieldReader): string[][] {
  const tiers = listOf(fields.value('announce-list')).map(textsOf);
  const known = tiers.filter((tier) => tier.length > 0);
  const announce = hintOf(fields, 'announce');
  return known.length > 0 || announce === undefined ? known : [[announce]];
}

/** Text that nothing depends on: what is no text counts as absent. */
function hintOf(fields: FieldReader, key: string): string | undefined {
  const value = fields.value(key);
  return value instanceof Uint8Array ? decodeUtf8(value) : undefined;
}

function textsOf(value: BencodeValue): string[] {
  return listOf(value).flatMap((item) => (item instanceof Uint8Array ? [decodeUtf8(item)] : []));
}

function listOf(value: BencodeValue | undefined): readonly BencodeValue[] {
  return value !== undefined && isList(value) ? value : [];
}
