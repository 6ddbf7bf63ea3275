import type { ProcessCost } from './process-meter.js';

/** One contestant of a case, such as one program sending to another. */
export interface Entry {
  readonly name: string;
  readonly pieceBytes: number;
  /** Runs it once in `folder`, which is emptied afterwards. */
  run(folder: string): Promise<Measurement>;
}

/** One run of one entry. */
export interface Measurement {
  /** From just before the first leecher's process is started until the last one has verified everything. */
  readonly wallSeconds: number;
  /** The same, until the first leecher was done. */
  readonly firstDoneSeconds: number;
  readonly seeder: ProcessCost;
  /** Of all leechers: CPU added up, memory of the one that took most. */
  readonly leechers: ProcessCost;
}

/** A case ready to run: entries that take turns. */
export interface BenchCase {
  readonly title: string;
  readonly byteCount: number;
  /** How many copies are on the memory file system at once, the source included. */
  readonly copyCount: number;
  readonly entries: readonly Entry[];
}
