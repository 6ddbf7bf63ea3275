import { Bitfield, crc32c } from '@p2p/wire';

/**
 * The journal of one content: which of its pieces are on the disk, for sure.
 *
 * A header, then records, each with a CRC-32C of its own; all integers are big-endian. Reading ends at the first record
 * that is cut off or damaged, which a crash may leave behind: what comes before it holds.
 *
 *     header   "P2PJRNL" version(1 byte)  info-hash(20)  piece length(8)  piece count(4)  file count(4)  crc(4)
 *     record   type(1)  length(4)  payload  crc(4) over type, length and payload
 *     type 1   snapshot: the bitfield, replaces all before it
 *     type 2   stored:   piece indexes, 4 bytes each
 *     type 3   lost:     piece indexes that are no longer right
 *     type 4   files:    isClean(1), then for each file: is there(1)  length(8)  modified ns(8)  file id(8)
 *
 * A files record whose `isClean` is 1 and which is the last record says that the store was closed in order.
 */

/** Which content a journal belongs to. */
export interface JournalIdentity {
  readonly infoHash: Uint8Array;
  readonly pieceLength: number;
  readonly pieceCount: number;
  readonly fileCount: number;
}

/** A file as it was when the journal was written; undefined where there was none. */
export interface FileMark {
  readonly length: number;
  readonly modifiedNs: bigint;
  readonly fileId: bigint;
}

/** What a journal says. */
export interface JournalContent {
  readonly have: Bitfield;
  readonly files: readonly (FileMark | undefined)[];
  readonly isClean: boolean;
  /** Bytes from the start that hold; what follows is damaged. */
  readonly validBytes: number;
}

/** The journal's beginning. */
export function encodeJournalHeader(identity: JournalIdentity): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  bytes.set(identity.infoHash, 8);
  view.setBigUint64(28, BigInt(identity.pieceLength));
  view.setUint32(36, identity.pieceCount);
  view.setUint32(40, identity.fileCount);
  view.setUint32(44, crc32c(bytes.subarray(0, 44)));
  return bytes;
}

/** A record that replaces all that the journal said of pieces before. */
export function encodeSnapshot(have: Bitfield): Uint8Array {
  return encodeRecord(RECORD.snapshot, have.toWire());
}

/** A record of pieces that are now on the disk. */
export function encodeStored(pieces: readonly number[]): Uint8Array {
  return encodeRecord(RECORD.stored, encodeIndexes(pieces));
}

/** A record of pieces that turned out to be wrong. */
export function encodeLost(pieces: readonly number[]): Uint8Array {
  return encodeRecord(RECORD.lost, encodeIndexes(pieces));
}

/** A record of the files as they are now. */
export function encodeFiles(files: readonly (FileMark | undefined)[], isClean: boolean): Uint8Array {
  const payload = new Uint8Array(1 + files.length * FILE_MARK_BYTES);
  const view = new DataView(payload.buffer);
  payload[0] = isClean ? 1 : 0;
  files.forEach((file, index) => {
    if (file === undefined) return;
    const at = 1 + index * FILE_MARK_BYTES;
    payload[at] = 1;
    view.setBigUint64(at + 1, BigInt(file.length));
    view.setBigUint64(at + 9, BigInt.asUintN(64, file.modifiedNs));
    view.setBigUint64(at + 17, BigInt.asUintN(64, file.fileId));
  });
  return encodeRecord(RECORD.files, payload);
}

/** Reads a journal as far as it holds; undefined if it is not one, or belongs to another content. */
export function decodeJournal(bytes: Uint8Array, identity: JournalIdentity): JournalContent | undefined {
  const expected = encodeJournalHeader(identity);
  if (bytes.length < HEADER_BYTES || expected.some((byte, index) => byte !== bytes[index])) return undefined;
  let state: DecodedState = { have: new Bitfield(identity.pieceCount), files: [], isClean: false };
  let at = HEADER_BYTES;
  for (let record = decodeRecord(bytes, at); record !== undefined; record = decodeRecord(bytes, at)) {
    const next = apply(state, record, identity);
    if (next === undefined) break;
    state = next;
    at += record.totalBytes;
  }
  return { ...state, validBytes: at };
}

interface DecodedState {
  readonly have: Bitfield;
  readonly files: readonly (FileMark | undefined)[];
  readonly isClean: boolean;
}

interface DecodedRecord {
  readonly type: number;
  readonly payload: Uint8Array;
  readonly totalBytes: number;
}

/** What the journal says after one more record; undefined if the record makes no sense. */
function apply(state: DecodedState, record: DecodedRecord, identity: JournalIdentity): DecodedState | undefined {
  const { payload } = record;
  switch (record.type) {
    case RECORD.snapshot: {
      const have = decodeBitfield(payload, identity.pieceCount);
      return have && { ...state, have, isClean: false };
    }
    case RECORD.stored:
    case RECORD.lost: {
      const indexes = decodeIndexes(payload);
      if (indexes?.every((index) => index < identity.pieceCount) !== true) return undefined;
      for (const index of indexes) {
        if (record.type === RECORD.stored) state.have.set(index);
        else state.have.clear(index);
      }
      return { ...state, isClean: false };
    }
    case RECORD.files:
      if (payload.length !== 1 + identity.fileCount * FILE_MARK_BYTES) return undefined;
      return { ...state, files: decodeFiles(payload), isClean: payload[0] === 1 };
    default:
      return undefined;
  }
}

function decodeBitfield(payload: Uint8Array, pieceCount: number): Bitfield | undefined {
  if (payload.length !== Math.ceil(pieceCount / 8)) return undefined;
  const have = new Bitfield(pieceCount);
  for (let piece = 0; piece < pieceCount; piece++) {
    if (((payload[piece >>> 3] ?? 0) & (0x80 >>> (piece & 7))) !== 0) have.set(piece);
  }
  return have;
}

function decodeFiles(payload: Uint8Array): (FileMark | undefined)[] {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const count = Math.floor((payload.length - 1) / FILE_MARK_BYTES);
  return Array.from({ length: count }, (_, index) => {
    const at = 1 + index * FILE_MARK_BYTES;
    if (payload[at] !== 1) return undefined;
    const length = Number(view.getBigUint64(at + 1));
    return { length, modifiedNs: view.getBigInt64(at + 9), fileId: view.getBigUint64(at + 17) };
  });
}

function encodeRecord(type: number, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(RECORD_OVERHEAD_BYTES + payload.length);
  const view = new DataView(bytes.buffer);
  bytes[0] = type;
  view.setUint32(1, payload.length);
  bytes.set(payload, 5);
  view.setUint32(5 + payload.length, crc32c(bytes.subarray(0, 5 + payload.length)));
  return bytes;
}

function decodeRecord(bytes: Uint8Array, at: number): DecodedRecord | undefined {
  if (bytes.length - at < RECORD_OVERHEAD_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, bytes.length - at);
  const length = view.getUint32(1);
  const totalBytes = RECORD_OVERHEAD_BYTES + length;
  if (totalBytes > view.byteLength) return undefined;
  const isWhole = view.getUint32(5 + length) === crc32c(bytes.subarray(at, at + 5 + length));
  return isWhole ? { type: view.getUint8(0), payload: bytes.subarray(at + 5, at + 5 + length), totalBytes } : undefined;
}

function encodeIndexes(indexes: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(indexes.length * 4);
  const view = new DataView(bytes.buffer);
  indexes.forEach((index, position) => view.setUint32(position * 4, index));
  return bytes;
}

function decodeIndexes(payload: Uint8Array): number[] | undefined {
  if (payload.length % 4 !== 0) return undefined;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  return Array.from({ length: payload.length / 4 }, (_, position) => view.getUint32(position * 4));
}

const MAGIC = new TextEncoder().encode('P2PJRNL\u0001');
const HEADER_BYTES = 48;
const RECORD_OVERHEAD_BYTES = 9;
const FILE_MARK_BYTES = 25;
const RECORD = { snapshot: 1, stored: 2, lost: 3, files: 4 } as const;
