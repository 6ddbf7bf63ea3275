import { setImmediate } from 'node:timers/promises';

import { formatCount, formatPercent, formatSeconds } from '@p2p/cli';
import { createLogUpdate } from 'log-update';

import type { ModelResult } from '../model/model-result.js';
import { modelSteps, type ModelRequest, type ModelRuntime } from '../model/run-model.js';
import { SimError } from '../sim-error.js';
import type { SimRuntime } from '../sim-runtime.js';

/**
 * Runs one simulated swarm, and shows on the terminal how far it is.
 *
 * @throws {SimError} `interrupted`
 */
export async function simulate(request: ModelRequest, runtime: SimRuntime): Promise<ModelResult> {
  const { world, done } = worldOf(runtime);
  try {
    return await inSteps(modelSteps(request, world), runtime.interruption.signal);
  } finally {
    done();
  }
}

/** Signals come in only between events of the real loop, so it gets a turn after every step: the last one too, as the only one of a small run. */
async function inSteps<T>(steps: Generator<void, T>, interrupted: AbortSignal): Promise<T> {
  for (;;) {
    const step = steps.next();
    await setImmediate();
    if (interrupted.aborted) throw new SimError('interrupted', 'interrupted; the run was given up');
    if (step.done === true) return step.value;
  }
}

/** Time, memory, and a line on the terminal that tells how far the run is. */
function worldOf({ terminal }: SimRuntime): { readonly world: ModelRuntime; readonly done: () => void } {
  const { stderr } = terminal;
  const update = stderr.isTTY === true ? createLogUpdate(stderr) : undefined;
  let nextAt = 0;
  const world: ModelRuntime = {
    seconds: () => terminal.now() / 1_000,
    memoryBytes: () => process.memoryUsage.rss(),
    progress({ virtualSeconds, finishedPeers, leechers, share, events, wallSeconds }) {
      if (update === undefined || wallSeconds < nextAt) return;
      nextAt = wallSeconds + REDRAW_SECONDS;
      const left = share > 0 ? formatSeconds((wallSeconds * (1 - share)) / share) : '?';
      update(
        `${formatPercent(share, 1)} of the pieces, ${finishedPeers}/${leechers} complete, ` +
          `${virtualSeconds.toFixed(1)} s simulated, ${formatCount(Math.round(events / wallSeconds), 'event')} a second, ${left} left`,
      );
    },
  };
  return { world, done: () => update?.clear() };
}

const REDRAW_SECONDS = 0.2;
