import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Source, type Content } from './source.js';
import type { Medium } from './settings.js';

/** Where a case keeps its files. */
export class Place {
  /** On the memory file system. */
  readonly memoryFolder: string;
  #diskFolder: string | undefined;

  constructor(memoryFolder: string) {
    this.memoryFolder = memoryFolder;
  }

  /** A folder of this name; on disk it is in the folder for temporary files, which must not be in memory then. */
  folder(medium: Medium, name: string): string {
    const folder = join(medium === 'memory' ? this.memoryFolder : this.#onDisk(), name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** Content that is made when first needed, in a folder of its own. */
  source(content: Content, medium: Medium, name: string): Source {
    return new Source(content, this.folder(medium, name));
  }

  #onDisk(): string {
    if (this.#diskFolder !== undefined) return this.#diskFolder;
    const folder = mkdtempSync(join(tmpdir(), 'p2p-bench-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    this.#diskFolder = folder;
    return folder;
  }
}
