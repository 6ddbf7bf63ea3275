import { performance } from 'node:perf_hooks';

import type { Cancel, Clock, Instant } from '../ports.js';

/** The machine's monotonic time. */
export class SystemClock implements Clock {
  now(): Instant {
    return performance.now();
  }

  schedule(at: Instant, wake: () => void): Cancel {
    let timer: NodeJS.Timeout;
    // A timer may fire a fraction of a millisecond early, and knows no more than 24 days: both mean "not yet".
    const arm = () => {
      const waitMs = Math.max(0, Math.ceil(at - performance.now()));
      timer = setTimeout(ring, Math.min(waitMs, MAX_TIMEOUT_MS));
    };
    const ring = () => {
      if (performance.now() < at) arm();
      else wake();
    };
    arm();
    return () => clearTimeout(timer);
  }
}

/** Node's timers hold a signed 32-bit number of milliseconds. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;
