import { join } from 'node:path';

import { makeLargeFile, makeTorrent, sha1OfFile } from '@p2p/interop';

import type { Contest } from './one-run.js';

/** The file that is copied, and its torrents: made once, when first needed. */
export class Source {
  readonly #byteCount: number;
  readonly #folder: string;
  readonly #contests = new Map<number, Promise<Pick<Contest, 'job' | 'sha1'>>>();
  #sha1: Promise<string> | undefined;

  /** @param folder empty, on the memory file system */
  constructor(byteCount: number, folder: string) {
    this.#byteCount = byteCount;
    this.#folder = folder;
  }

  /** The job of copying it in pieces of this size. */
  contest(pieceBytes: number): Promise<Pick<Contest, 'job' | 'sha1'>> {
    const known = this.#contests.get(pieceBytes) ?? this.#makeContest(pieceBytes);
    this.#contests.set(pieceBytes, known);
    return known;
  }

  async #makeContest(pieceBytes: number): Promise<Pick<Contest, 'job' | 'sha1'>> {
    const path = join(this.#folder, NAME);
    this.#sha1 ??= makeLargeFile(path, this.#byteCount).then(() => sha1OfFile(path));
    const sha1 = await this.#sha1;
    const torrent = await makeTorrent(path, join(this.#folder, `${pieceBytes}.torrent`), pieceBytes);
    return { sha1, job: { sourceFolder: this.#folder, torrent, byteCount: this.#byteCount, pieceBytes } };
  }
}

const NAME = 'content.bin';
