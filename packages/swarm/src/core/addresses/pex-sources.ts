/**
 * How much each peer that tells us addresses is to be believed (protocol.md, C8 and D2 row 11).
 *
 * A source is known by the address it was told under. What it told is an address with a state; this counts those.
 */
export class PexSources {
  readonly #records = new Map<string, SourceRecord>();

  /** Whether the source may add one more address. */
  mayAdd(source: string, now: number): boolean {
    const record = this.#records.get(source);
    return record === undefined || (record.heldCount < MAX_HELD_PER_SOURCE && !isMuted(record, now));
  }

  /** Whether addresses that only this source vouches for are to be left alone. */
  isMuted(source: string, now: number): boolean {
    const record = this.#records.get(source);
    return record !== undefined && isMuted(record, now);
  }

  /** The sources to whose addresses there are more links and dials than so many. */
  linkedMoreThan(count: number): ReadonlySet<string> {
    const sources = new Set<string>();
    for (const [source, { linkCount }] of this.#records) if (linkCount > count) sources.add(source);
    return sources;
  }

  /** The book remembers one more address of this source. */
  held(source: string): void {
    this.#record(source).heldCount += 1;
  }

  /** The book forgot one. */
  released(source: string): void {
    this.#record(source).heldCount -= 1;
  }

  linked(source: string, change: 1 | -1): void {
    this.#record(source).linkCount += change;
  }

  /** An address of this source was dialled for the first time: nine dead of ten, and the source is muted for an hour. */
  judged(source: string, isAlive: boolean, now: number): void {
    const record = this.#record(source);
    record.dialedCount += 1;
    if (!isAlive) record.deadCount += 1;
    if (record.dialedCount < MIN_JUDGED || record.deadCount < MUTE_SHARE * record.dialedCount) return;
    record.mutedUntil = now + MUTE_MS;
    // Judged afresh afterwards: it may have been our own network that was down.
    record.dialedCount = 0;
    record.deadCount = 0;
  }

  #record(source: string): SourceRecord {
    const known = this.#records.get(source);
    if (known !== undefined) return known;
    if (this.#records.size >= MAX_SOURCES) this.#forgetOne();
    const created = { heldCount: 0, linkCount: 0, dialedCount: 0, deadCount: 0, mutedUntil: 0 };
    this.#records.set(source, created);
    return created;
  }

  /** The oldest of whom the book holds nothing; the book's own bound keeps the others few. */
  #forgetOne(): void {
    for (const [source, record] of this.#records) {
      if (record.heldCount > 0 || record.linkCount > 0) continue;
      this.#records.delete(source);
      return;
    }
  }
}

interface SourceRecord {
  /** Addresses in the book that this source was the first to name. */
  heldCount: number;
  linkCount: number;
  dialedCount: number;
  deadCount: number;
  mutedUntil: number;
}

function isMuted(record: SourceRecord, now: number): boolean {
  return record.mutedUntil > now;
}

/** protocol.md, C8: remembered of one source. */
const MAX_HELD_PER_SOURCE = 200;
/** protocol.md, C8: muted are those with nine dead of ten over fifty. */
const MIN_JUDGED = 50;
const MUTE_SHARE = 0.9;
const MUTE_MS = 60 * 60 * 1_000;
const MAX_SOURCES = 1_000;
