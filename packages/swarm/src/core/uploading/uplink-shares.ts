/**
 * Which of two kinds of peers is next where both wait: those who take turns that we offer, and those who hold slots and ask whenever they like.
 *
 * Each kind gets a share of the uplink in proportion to how many of it want something. Of the first only a few have requests here
 * at a time, of the second all; turn by turn, a few with slots would have most of the uplink.
 */
export class UplinkShares {
  /** What each kind has got, in blocks for each who wants something. */
  #byTurns = 0;
  #bySlots = 0;

  /** A block is sent. */
  sent(isByTurn: boolean, wantingCount: number): void {
    const share = 1 / Math.max(1, wantingCount);
    if (isByTurn) this.#byTurns += share;
    else this.#bySlots += share;
    // Who had nothing to ask for saves nothing up.
    const least = Math.max(this.#byTurns, this.#bySlots) - MOST_SAVED;
    this.#byTurns = Math.max(this.#byTurns, least);
    this.#bySlots = Math.max(this.#bySlots, least);
  }

  /** Whether those who take turns come first. */
  get areTurnsFirst(): boolean {
    return this.#byTurns <= this.#bySlots;
  }
}

/** Blocks for each who wants something. */
const MOST_SAVED = 4;
