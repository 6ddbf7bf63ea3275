import type { EntrySummary } from './report.js';
import type { FigureSummary } from './figures-report.js';
import type { ProcessCost } from './process-meter.js';
import type { Verdict } from './verdict.js';

/** A case ready to run: whole copies by whole programs, or single figures of all kinds. */
export type BenchCase = CopyCase | FigureCase;

/** Programs that copy the same content, in turns. */
export interface CopyCase {
  readonly kind: 'copies';
  readonly title: string;
  /** What is on the memory file system at once, the sources included. */
  readonly memoryBytes: number;
  /** What each run writes anew. */
  readonly freshBytes: number;
  readonly entries: readonly Entry[];
  /** Whether what was aimed at was reached. */
  judge(summaries: readonly EntrySummary[]): readonly Verdict[];
}

/** One contestant of a case, such as one program sending to another. */
export interface Entry {
  readonly name: string;
  /** Entries are compared within their group, whose first is ours; such as "64 KiB" or "1024 KiB, disk". */
  readonly group: string;
  readonly byteCount: number;
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

/** Probes that take turns, each of which tells some figures. */
export interface FigureCase {
  readonly kind: 'figures';
  readonly title: string;
  readonly probes: readonly Probe[];
  /** Whether what was aimed at was reached. */
  judge(summaries: readonly FigureSummary[]): readonly Verdict[];
}

/** Something that is measured; figures of the same name are compared with those of "ours". */
export interface Probe {
  readonly name: string;
  /** Runs it once in `folder`, which is on the memory file system and is emptied afterwards. */
  run(folder: string): Promise<readonly Figure[]>;
}

export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
}
