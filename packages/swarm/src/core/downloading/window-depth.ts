import { BLOCK_BYTES } from '@p2p/wire';

/** Choices of a `WindowDepth`; depths are blocks. */
export interface WindowDepthOptions {
  readonly minWindow: number;
  readonly maxWindow: number;
  /** Before anything is known of the peer. */
  readonly initialWindow: number;
  /** How long the peer's queue of our requests may last beyond what the way there and back needs. */
  readonly queueTimeMs: number;
}

/**
 * How many requests should be in flight to a peer: as many as the way there and back holds at its rate, half as many again,
 * and what keeps its queue from running dry.
 *
 * It begins small and doubles per round trip, one more for each block, as long as answers come as soon as ever. When they take
 * longer, requests only wait at the peer, and a promise of a slow peer is a piece that a faster one could have brought. From then on the depth
 * is rate x time. The rate is what came between asking for a block and getting it, the best of some seconds (as BBR
 * measures it); so where the window was the limit, the rate follows it up, by half per round trip.
 */
export class WindowDepth {
  readonly #options: WindowDepthOptions;
  #depth: number;
  #isGrowing = true;
  #receivedCount = 0;
  /** The shortest time from a request to its block: the round trip, with an empty queue. */
  #minResponseMs = Infinity;
  /** Blocks per millisecond: the best of this period, and of the one before. */
  #bestRate = 0;
  #bestRateBefore = 0;
  #periodEndsAt = -Infinity;

  constructor(options: WindowDepthOptions) {
    this.#options = options;
    this.#depth = options.initialWindow;
  }

  get depth(): number {
    return this.#depth;
  }

  /** Blocks that came in answer to requests. */
  get receivedCount(): number {
    return this.#receivedCount;
  }

  /**
   * A block came in time.
   *
   * @param receivedBefore `receivedCount` when it was asked for
   */
  received(now: number, sentAt: number, receivedBefore: number): void {
    this.#receivedCount += 1;
    const responseMs = Math.max(now - sentAt, MIN_RESPONSE_MS);
    if (responseMs < this.#minResponseMs) this.#minResponseMs = responseMs;
    const rate = (this.#receivedCount - receivedBefore) / responseMs;
    this.#note(rate, now);
    const isSlow = responseMs > this.#patienceMs;
    if (this.#isGrowing) this.#grow(isSlow);
    if (this.#isGrowing) return;
    // A queue that grows all the same is one that the peer works off more slowly than it did.
    const hasSlowedDown = responseMs > 2 * this.#patienceMs;
    this.#depth = this.#depthFor(hasSlowedDown ? rate : Math.max(this.#bestRate, this.#bestRateBefore));
  }

  /** A late block came, or anything else that tells nothing of speed, while the depth is still growing. */
  receivedLate(): void {
    if (this.#isGrowing) this.#grow(false);
  }

  /** After a choke, or a silence. What was measured of the way stays true. */
  startAnew(depth: number): void {
    this.#depth = depth;
    this.#isGrowing = true;
    this.#bestRate = 0;
    this.#bestRateBefore = 0;
    this.#periodEndsAt = -Infinity;
  }

  /** An answer that takes longer has waited in a queue. */
  get #patienceMs(): number {
    return Math.max(this.#minResponseMs * MARGIN, this.#minResponseMs + this.#options.queueTimeMs);
  }

  #grow(isSlow: boolean): void {
    const blocksOnTheWay = Math.max(this.#bestRate, this.#bestRateBefore) * this.#minResponseMs;
    // Deeper than this only where the way itself holds so much.
    const isDeepEnough = this.#depth >= MAX_QUEUED_BLOCKS && this.#depth > MAX_GROWTH * blocksOnTheWay;
    this.#isGrowing = !isSlow && !isDeepEnough;
    if (this.#isGrowing) this.#depth = Math.min(this.#depth + 1, this.#options.maxWindow);
  }

  #depthFor(rate: number): number {
    const { minWindow, maxWindow, queueTimeMs } = this.#options;
    const onTheWay = rate * this.#minResponseMs * MARGIN;
    const queued = Math.min(rate * queueTimeMs, MAX_QUEUED_BLOCKS);
    const spare = Math.min(SPARE_BLOCKS, rate * SPARE_MS);
    return Math.min(Math.max(Math.ceil(Math.max(onTheWay, queued) + spare), minWindow), maxWindow);
  }

  #note(rate: number, now: number): void {
    if (now >= this.#periodEndsAt) {
      this.#bestRateBefore = this.#bestRate;
      this.#bestRate = 0;
      this.#periodEndsAt = now + Math.max(MIN_PERIOD_MS, PERIOD_ROUND_TRIPS * this.#minResponseMs);
    }
    if (rate > this.#bestRate) this.#bestRate = rate;
  }
}

/** Half as much again as the way holds: room for the peer to send in bursts, and for the rate to grow. */
const MARGIN = 1.5;
/** Clocks of a millisecond, and chunks that bring several blocks at once, make shorter times meaningless. */
const MIN_RESPONSE_MS = 0.25;
/** What may wait in a peer's queue: 8 MiB, more than a fast peer of the local network sends while our event loop is busy. */
const MAX_QUEUED_BLOCKS = (8 * 1024 * 1024) / BLOCK_BYTES;
/** As long as the window is the limit, the depth is at most twice what was on the way a round trip before. */
const MAX_GROWTH = 2.5;
const SPARE_BLOCKS = 4;
/** Four blocks would be a minute's work for a very slow peer. */
const SPARE_MS = 1_000;
const MIN_PERIOD_MS = 2_000;
const PERIOD_ROUND_TRIPS = 4;
