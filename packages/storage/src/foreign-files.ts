import type { Bitfield, Metainfo, PieceIndex } from '@p2p/wire';

import type { ContentIo } from './content-io.js';
import type { JournalContent } from './journal-format.js';
import type { KnownFiles } from './known-files.js';
import { StorageError } from './storage-error.js';

/** The content whose files they should be. */
interface FileParts {
  readonly io: ContentIo;
  readonly metainfo: Metainfo;
  readonly journal: JournalContent | undefined;
}

interface Found extends KnownFiles {
  readonly have: Bitfield;
  /** Pieces in whose place something else lies. */
  readonly others: readonly PieceIndex[];
}

/**
 * A file that is longer than it should be, holds something but nothing of this content, or something else beside it, belongs to
 * somebody. Two disk images have the zeros in common, and what we ourselves leave unfinished has zeros where it lacks a piece. A
 * file that the journal knows is ours, whatever became of it.
 */
export function refuseForeignFiles(parts: FileParts, { facts, ours, isEmpty, have, others }: Found): void {
  const { io, metainfo, journal } = parts;
  facts.forEach((found, fileIndex) => {
    const { path, length, offset } = io.map.file(fileIndex);
    if (found === undefined || found.length === 0) return;
    if (found.length > length) throw foreignFile(path, `has ${found.length} bytes where ${length} are expected`);
    if (ours[fileIndex] === true || isEmpty[fileIndex] === true) return;
    if (!hasAnyPieceOf(metainfo, have, { offset, length })) throw foreignFile(path, 'holds no piece of this content');
  });
  for (const [fileIndex, count] of countByFile(parts, others)) {
    const { path } = io.map.file(fileIndex);
    if (journal?.files[fileIndex]?.fileId === facts[fileIndex]?.fileId) continue;
    throw foreignFile(path, `holds something else in ${count} of its pieces`);
  }
}

/** How many of some pieces each file has: a piece is that file's of which the most is in it. */
function countByFile({ io, metainfo }: FileParts, pieces: readonly PieceIndex[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  const { pieceLength } = metainfo.layout;
  for (const piece of pieces) {
    const segments = io.map.storedSegments(piece * pieceLength, pieceLength);
    const [first] = segments.sort((a, b) => b.length - a.length);
    if (first !== undefined) counts.set(first.fileIndex, (counts.get(first.fileIndex) ?? 0) + 1);
  }
  return counts;
}

function hasAnyPieceOf(metainfo: Metainfo, have: Bitfield, range: { offset: number; length: number }): boolean {
  const { pieceLength } = metainfo.layout;
  const last = Math.floor((range.offset + range.length - 1) / pieceLength);
  for (let piece = Math.floor(range.offset / pieceLength); piece <= last; piece++) if (have.has(piece)) return true;
  return false;
}

function foreignFile(path: string, found: string): StorageError {
  const advice = 'move it away, choose another place, or have --force keep what is right of it and replace the rest';
  return new StorageError('foreign-file', `${path} exists and ${found}; ${advice}`, { path });
}
