/** A blocking read that takes longer was not from the page cache, unless the processor was taken from us meanwhile. */
export const SLOW_READ_MS = 4;

/** Two slow reads among so many are no accident: the disk is cold, and reads do not block from then on. */
export const SUSPICIOUS_READS = 16;

/**
 * After so many reads that did not block one that does is tried again, and after twice as many each time that this was
 * slow, up to the larger number.
 */
export const READS_BEFORE_TRIAL = 64;
export const MAX_READS_BEFORE_TRIAL = 4_096;

/**
 * Decides whether the next read may block: yes while the page cache has what is read, no on a cold disk.
 *
 * Time is measured from outside, so on a busy machine a read looks slow now and then when the processor was given to
 * somebody else in the middle of it. On a cold disk nearly every one is.
 */
export class DiskTrust {
  /** Goes up by {@link SUSPICIOUS_READS} with a slow read, down by one with a fast one. */
  #suspicion = 0;
  #isTrusted = true;
  #pooledReads = 0;
  #readsBeforeTrial = READS_BEFORE_TRIAL;

  /** Whether the next read may block. */
  get mayBlock(): boolean {
    return this.#isTrusted || this.#pooledReads >= this.#readsBeforeTrial;
  }

  /** A blocking read has taken so long. */
  noteBlockingRead(milliseconds: number): void {
    const isSlow = milliseconds > SLOW_READ_MS;
    if (!this.#isTrusted) this.#endTrial(isSlow);
    this.#suspicion = isSlow ? this.#suspicion + SUSPICIOUS_READS : Math.max(0, this.#suspicion - 1);
    if (this.#suspicion > SUSPICIOUS_READS) this.#isTrusted = false;
  }

  /** A read was made without blocking. */
  notePooledRead(): void {
    this.#pooledReads += 1;
  }

  #endTrial(isSlow: boolean): void {
    this.#pooledReads = 0;
    this.#isTrusted = !isSlow;
    // One more slow read, and the disk is cold again.
    this.#suspicion = isSlow ? 0 : SUSPICIOUS_READS;
    this.#readsBeforeTrial = isSlow ? Math.min(MAX_READS_BEFORE_TRIAL, this.#readsBeforeTrial * 2) : READS_BEFORE_TRIAL;
  }
}
