/** One direction of a line: so many bytes a second, all of which arrive some time later, in order. */
export class DelayedLine {
  readonly #bytesPerMs: number;
  readonly #delayMs: number;
  readonly #queue: { readonly bytes: Uint8Array; readonly dueMs: number }[] = [];
  #freeAtMs = 0;

  /** @param bytesPerSecond Infinity for a line that is never full */
  constructor(bytesPerSecond: number, delayMs: number) {
    this.#bytesPerMs = bytesPerSecond / 1000;
    this.#delayMs = delayMs;
  }

  /** Puts bytes on the line. */
  put(bytes: Uint8Array, nowMs: number): void {
    this.#freeAtMs = Math.max(nowMs, this.#freeAtMs) + bytes.length / this.#bytesPerMs;
    this.#queue.push({ bytes, dueMs: this.#freeAtMs + this.#delayMs });
  }

  /** How long what is put now would wait for its turn. */
  waitMs(nowMs: number): number {
    return Math.max(0, this.#freeAtMs - nowMs);
  }

  /** What has arrived by now. */
  take(nowMs: number): readonly Uint8Array[] {
    const count = this.#queue.findIndex(({ dueMs }) => dueMs > nowMs);
    return this.#queue.splice(0, count < 0 ? this.#queue.length : count).map(({ bytes }) => bytes);
  }
}
