import type { SeedLimits } from '@p2p/cli';

import type { HostedSwarm } from './hosted-swarm.js';

/** Waits until enough was given back (the first of the limits that is reached), or the signal comes; without limits, forever. */
export async function untilSeeded(
  hosted: Pick<HostedSwarm, 'status'>,
  { seedRatio, seedSeconds }: Pick<SeedLimits, 'seedRatio' | 'seedSeconds'>,
  signal: AbortSignal,
): Promise<void> {
  const startedMs = performance.now();
  const isEnough = () => {
    const { uploadedBytes, totalBytes = 0 } = hosted.status;
    const hasRatio = seedRatio !== undefined && uploadedBytes >= seedRatio * totalBytes;
    return hasRatio || (seedSeconds !== undefined && performance.now() - startedMs >= seedSeconds * 1000);
  };
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      if (signal.aborted || isEnough()) finish();
    }, CHECK_INTERVAL_MS);
    const finish = () => {
      clearInterval(timer);
      signal.removeEventListener('abort', finish);
      resolve();
    };
    signal.addEventListener('abort', finish);
    if (signal.aborted || isEnough()) finish();
  });
}

const CHECK_INTERVAL_MS = 200;
