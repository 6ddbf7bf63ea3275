import type { Payload } from '@p2p/swarm';

import { ChunkLinks } from './links/chunk-links.js';
import { FluidLinks } from './links/fluid-links.js';
import { idealSteps } from './run-ideal.js';
import { measureRun } from './measure/measure-run.js';
import { Sampler } from './measure/sampler.js';
import type { ModelResult } from './model-result.js';
import { BYTE_MODE } from './payload/byte-mode.js';
import type { PayloadMode } from './payload/payload-mode.js';
import { REFERENCE_MODE } from './payload/reference-mode.js';
import type { Scenario, ScenarioInput, SettingValue } from './scenario.js';
import { ScenarioRun, type ModelProgress } from './scenario-run.js';
import { World } from './world/world.js';

/** What to run. */
export interface ModelRequest {
  readonly scenario: Scenario;
  readonly input: ScenarioInput;
  readonly linkModel: ModelResult['linkModel'];
  readonly payload: 'refs' | 'bytes';
  /** As given, for the result. */
  readonly settings: Readonly<Record<string, SettingValue>>;
  /** The command line that asks for the same. */
  readonly command: string;
}

/** The real world around a run. */
export interface ModelRuntime {
  /** Seconds of real time from any origin. */
  readonly seconds: () => number;
  readonly memoryBytes: () => number;
  /** Told now and then how far the run is. */
  readonly progress: (view: ModelProgress & { readonly wallSeconds: number }) => void;
}

/** Runs one simulated swarm to its end. */
export function runModel(request: ModelRequest, runtime: ModelRuntime): ModelResult {
  const steps = modelSteps(request, runtime);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** The same in steps of some milliseconds, between which the caller may look after the world, or give up. */
export function* modelSteps(request: ModelRequest, runtime: ModelRuntime): Generator<void, ModelResult> {
  if (request.linkModel === 'ideal') return yield* idealSteps(request, runtime);
  return yield* request.payload === 'refs'
    ? stepsIn(REFERENCE_MODE, request, runtime)
    : stepsIn(BYTE_MODE, request, runtime);
}

function* stepsIn<P extends Payload>(
  mode: PayloadMode<P>,
  request: ModelRequest,
  runtime: ModelRuntime,
): Generator<void, ModelResult> {
  const { scenario, input } = request;
  const startedAt = runtime.seconds();
  const plan = scenario.plan(input);
  const world = new World<P>({
    seed: input.seed,
    content: input.content,
    links: (clock) => (request.linkModel === 'fluid' ? new FluidLinks(clock) : new ChunkLinks(clock)),
    mode,
  });
  const run = new ScenarioRun(world, plan);
  const sampler = new Sampler(world, plan.bound(world).seconds, () => run.recheck());
  let peakMemoryBytes = 0;
  while (run.advance(EVENTS_A_LOOK)) {
    peakMemoryBytes = Math.max(peakMemoryBytes, runtime.memoryBytes());
    runtime.progress({ ...run.progress(), wallSeconds: runtime.seconds() - startedAt });
    yield;
  }
  peakMemoryBytes = Math.max(peakMemoryBytes, runtime.memoryBytes());
  sampler.finish();
  const bound = plan.bound(world);
  const result = {
    schema: 'p2p-sim/model/1' as const,
    scenario: scenario.id,
    seed: input.seed,
    peers: world.peers.filter((peer) => !peer.isSeeder).length,
    pieces: input.content.pieces,
    pieceBytes: input.content.pieceBytes,
    linkModel: request.linkModel,
    payload: request.payload,
    settings: request.settings,
    bound: { name: bound.name, seconds: bound.seconds },
    ...measureRun(world, bound, { isContentMissing: plan.isContentMissing === true }),
    sometimes: run.sometimes,
    series: sampler.series(run.faults),
    events: world.eventCount,
    command: request.command,
    wallSeconds: Math.round((runtime.seconds() - startedAt) * 1_000) / 1_000,
    peakMemoryBytes,
    traceHash: world.trace.digest(),
  };
  return { ...result, checks: plan.checks(result) };
}

/** Events between two looks at the clock on the wall. */
const EVENTS_A_LOOK = 5_000;
