import type { CommandContext, StallReason } from '@p2p/cli';

import type { HostedSwarm } from './hosted-swarm.js';
import { StallDetector } from './stall-detector.js';

/** Tells the progress of all swarms of a node together, twice a second. */
export class ProgressReporter {
  readonly #swarms: readonly HostedSwarm[];
  readonly #context: CommandContext;
  readonly #detectors = new WeakMap<HostedSwarm, StallDetector>();
  readonly #timer: NodeJS.Timeout;

  /** @param swarms may grow; nothing is told while it is empty */
  constructor(swarms: readonly HostedSwarm[], context: CommandContext) {
    this.#swarms = swarms;
    this.#context = context;
    this.#timer = setInterval(() => {
      this.report();
    }, INTERVAL_MS);
  }

  report(): void {
    if (this.#swarms.length === 0) return;
    const statuses = this.#swarms.map((hosted) => hosted.status);
    const sum = (of: (status: HostedSwarm['status']) => number) =>
      statuses.reduce((total, status) => total + of(status), 0);
    const peers = sum((status) => status.peerCount);
    const stall = this.#stall();
    const reason = stall === undefined ? {} : { stall };
    if (statuses.every((status) => status.totalBytes === undefined)) {
      this.#context.emit({ kind: 'waiting', peers, ...reason });
      return;
    }
    this.#context.emit({
      kind: 'progress',
      bytes: sum((status) => status.haveBytes),
      total: sum((status) => status.totalBytes ?? 0),
      downRate: sum((status) => status.downBytesPerSecond),
      upRate: sum((status) => status.upBytesPerSecond),
      peers,
      ...reason,
    });
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #stall(): StallReason | undefined {
    const nowMs = performance.now();
    const reasons = this.#swarms.map((hosted) => {
      const detector = this.#detectors.get(hosted) ?? new StallDetector();
      this.#detectors.set(hosted, detector);
      return detector.observe(hosted.status, hosted.isDiskFailing, nowMs);
    });
    return reasons.find((reason) => reason !== undefined);
  }
}

const INTERVAL_MS = 500;
