import type { CostSummary, EntrySummary } from '../src/report.js';

interface Values {
  readonly group?: string;
  readonly byteCount?: number;
  readonly oursToThis?: number;
  readonly cpu?: number;
  readonly privateMib?: number;
  readonly uploadedCopies?: number;
}

/** What was measured of one program, as far as it matters. */
export function anEntry(name: string, values: Values): EntrySummary {
  const {
    group = '1 GiB, 64 KiB, memory',
    byteCount = 2 ** 30,
    oursToThis = 1,
    cpu = 1,
    privateMib = 50,
    uploadedCopies = 1,
  } = values;
  const cost: CostSummary = {
    userSeconds: cpu,
    systemSeconds: cpu,
    peakResidentBytes: 0,
    peakPrivateBytes: privateMib * 2 ** 20,
  };
  const flat = (value: number): EntrySummary['wallSeconds'] => ({ median: value, least: value, most: value });
  return {
    name,
    group,
    byteCount,
    wallSeconds: flat(1),
    firstDoneSeconds: flat(1),
    bytesPerSecond: 1,
    oursToThis: flat(oursToThis),
    uploadedCopies: flat(uploadedCopies),
    seeder: cost,
    leechers: cost,
  };
}
