import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { bytesNamed, createTorrent, makeLargeFile } from '@p2p/interop';

import { digestsOf, type Digests } from './digests.js';
import type { Contest } from './one-run.js';

/** What is copied: one file, or a folder of many. */
export type Content =
  { readonly byteCount: number } | { readonly fileCount: number; readonly bytesOf: (index: number) => number };

/** The content that is copied, and its torrents: made once, when first needed. */
export class Source {
  readonly #content: Content;
  readonly #folder: string;
  readonly #contests = new Map<number, Promise<Pick<Contest, 'job' | 'digests'>>>();
  #digests: Promise<Digests> | undefined;

  /** @param folder empty */
  constructor(content: Content, folder: string) {
    this.#content = content;
    this.#folder = folder;
  }

  /** Where the content lies. */
  get path(): string {
    return join(this.#folder, NAME);
  }

  get byteCount(): number {
    const content = this.#content;
    if ('byteCount' in content) return content.byteCount;
    return Array.from({ length: content.fileCount }, (_, index) => content.bytesOf(index)).reduce((a, b) => a + b, 0);
  }

  /** Makes the content, if it is not there yet. */
  made(): Promise<Digests> {
    this.#digests ??= this.#make().then(() => digestsOf(this.path));
    return this.#digests;
  }

  /** The job of copying it in pieces of this size, by a torrent of our own making, which says the SHA-1 of a file. */
  contest(pieceBytes: number): Promise<Pick<Contest, 'job' | 'digests'>> {
    const known = this.#contests.get(pieceBytes) ?? this.#makeContest(pieceBytes);
    this.#contests.set(pieceBytes, known);
    return known;
  }

  async #make(): Promise<void> {
    const content = this.#content;
    if ('byteCount' in content) await makeLargeFile(this.path, content.byteCount);
    else makeFiles(this.path, content.fileCount, content.bytesOf);
  }

  async #makeContest(pieceBytes: number): Promise<Pick<Contest, 'job' | 'digests'>> {
    const digests = await this.made();
    const torrent = await createTorrent(this.path, join(this.#folder, `${pieceBytes}.torrent`), pieceBytes);
    return { digests, job: { sourceFolder: this.#folder, torrent, byteCount: this.byteCount, pieceBytes } };
  }
}

/** A hundred files a folder, as people's folders are; all different. */
function makeFiles(path: string, fileCount: number, bytesOf: (index: number) => number): void {
  const longest = Math.max(...Array.from({ length: Math.min(fileCount, 1000) }, (_, index) => bytesOf(index)));
  const bytes = bytesNamed('many', longest + fileCount);
  for (let index = 0; index < fileCount; index++) {
    const file = join(path, `folder-${Math.floor(index / 100)}`, `file-${index}.bin`);
    if (index % 100 === 0) mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes.subarray(index, index + bytesOf(index)));
  }
}

const NAME = 'content.bin';
