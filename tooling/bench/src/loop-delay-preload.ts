/**
 * Loaded into a node by `node --import`, so that nothing in it need know: each SIGUSR2 appends what the event loop's delay
 * was since the one before to the file that P2P_BENCH_LOOP_DELAY names.
 */
import { appendFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

const RESOLUTION_MS = 1;
const path = process.env['P2P_BENCH_LOOP_DELAY'];

if (isMainThread && path !== undefined) {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  process.on('SIGUSR2', () => {
    // What is recorded is the time between two of its timers, so an idle loop has the resolution itself.
    const delayMs = (percentile: number): number => Math.max(0, histogram.percentile(percentile) / 1e6 - RESOLUTION_MS);
    const found = { p50: delayMs(50), p99: delayMs(99), most: Math.max(0, histogram.max / 1e6 - RESOLUTION_MS) };
    appendFileSync(path, `${JSON.stringify(found)}\n`);
    histogram.reset();
  });
}
