import type { Bitfield, Metainfo } from '@p2p/wire';

import type { ContentIo } from './content-io.js';
import type { KnownFiles } from './known-files.js';
import { StorageError } from './storage-error.js';

/** The content whose files they should be. */
interface FileParts {
  readonly io: ContentIo;
  readonly metainfo: Metainfo;
}

interface Found extends KnownFiles {
  readonly have: Bitfield;
}

/** A file that is longer than it should be, or holds something but nothing of this content, belongs to somebody. */
export function refuseForeignFiles(parts: FileParts, { facts, ours, isEmpty, have }: Found): void {
  const { io, metainfo } = parts;
  facts.forEach((found, fileIndex) => {
    const { path, length, offset } = io.map.file(fileIndex);
    if (found === undefined || found.length === 0) return;
    if (found.length > length) throw foreignFile(path, `has ${found.length} bytes where ${length} are expected`);
    if (ours[fileIndex] === true || isEmpty[fileIndex] === true) return;
    if (!hasAnyPieceOf(metainfo, have, { offset, length })) throw foreignFile(path, 'holds no piece of this content');
  });
}

function hasAnyPieceOf(metainfo: Metainfo, have: Bitfield, range: { offset: number; length: number }): boolean {
  const { pieceLength } = metainfo.layout;
  const last = Math.floor((range.offset + range.length - 1) / pieceLength);
  for (let piece = Math.floor(range.offset / pieceLength); piece <= last; piece++) if (have.has(piece)) return true;
  return false;
}

function foreignFile(path: string, found: string): StorageError {
  const advice = 'move it away, choose another place, or overwrite it with --force';
  return new StorageError('foreign-file', `${path} exists and ${found}; ${advice}`, { path });
}
