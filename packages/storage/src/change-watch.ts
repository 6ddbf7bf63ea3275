import type { ContentIo } from './content-io.js';
import type { FileFacts } from './file-system.js';
import { faultOf } from './missing-file.js';
import { StorageError, storageErrorFrom } from './storage-error.js';

/** So often the files of what is read are looked at; a look takes about ten microseconds. */
export const LOOK_INTERVAL_MS = 1_000;

/**
 * Notices that the files of a complete content become something else while it is shared: nobody reads their hashes again, and
 * whoever sends what lies there by now is taken for a polluter.
 *
 * Of what is read, one range is looked at now and then. Once something is wrong, nothing may be read until the pieces were verified
 * and `trust` was called: a file that was only touched is still the same.
 */
export class ChangeWatch {
  readonly #io: ContentIo;
  readonly #now: () => number;
  /** By file: what tells it from itself at another time, 0 as long as nobody looked. In numbers, for there may be 200,000. */
  readonly #stamps: Float64Array;
  #lookedAt = -Infinity;
  #fault: StorageError | undefined;

  /** @param facts what lay there when the content was found complete; without them each file counts from the first look */
  constructor(io: ContentIo, now: () => number, facts: readonly (FileFacts | undefined)[] = []) {
    this.#io = io;
    this.#now = now;
    this.#stamps = new Float64Array(io.map.files.length);
    for (const [fileIndex, found] of facts.entries()) if (found !== undefined) this.#stamps[fileIndex] = stampOf(found);
  }

  /** The files are right as they are now. */
  trust(): void {
    this.#fault = undefined;
    this.#lookedAt = -Infinity;
    this.#stamps.fill(0);
  }

  /** Why a range may not be read; undefined if it may, as far as a look now and then can tell. */
  faultOf(offset: number, length: number): StorageError | undefined {
    if (this.#fault !== undefined || this.#now() - this.#lookedAt < LOOK_INTERVAL_MS) return this.#fault;
    this.#lookedAt = this.#now();
    for (const { fileIndex } of this.#io.map.storedSegments(offset, length)) this.#fault ??= this.#look(fileIndex);
    return this.#fault;
  }

  #look(fileIndex: number): StorageError | undefined {
    const file = this.#io.map.file(fileIndex);
    try {
      const found = this.#io.facts(fileIndex);
      const fault = faultOf(file, found);
      if (fault !== undefined || found === undefined) return fault;
      const stamp = stampOf(found);
      const before = this.#stamps[fileIndex];
      this.#stamps[fileIndex] = stamp;
      if (before === 0 || before === stamp) return undefined;
      return new StorageError('changed', `${file.path} was changed or replaced meanwhile`, { path: file.path });
    } catch (error) {
      return storageErrorFrom(error, 'look at', file.path);
    }
  }
}

/** Never 0. */
function stampOf({ modifiedNs, fileId }: FileFacts): number {
  return Number(BigInt.asUintN(52, fileId ^ (modifiedNs * SPREADING_FACTOR))) + 1;
}

/** Odd, with bits all over: the low bits of a time in nanoseconds are often zeros. */
const SPREADING_FACTOR = 0x9e3779b97f4a7c15n;
