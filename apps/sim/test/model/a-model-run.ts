import { expect } from 'vitest';

import { resolveModelRequest, type ModelChoices } from '../../src/model/model-request.js';
import type { ModelResult } from '../../src/model/model-result.js';
import { runModel } from '../../src/model/run-model.js';

/** Runs S01, small unless told otherwise, outside any real time; twice, since the same seed must give the same run. */
export function modelRun(choices: Partial<ModelChoices> = {}): ModelResult {
  const result = modelRunOnce(choices);
  expect(modelRunOnce(choices)).toEqual(result);
  return result;
}

/** For the few tests whose runs are too long to be made twice. */
export function modelRunOnce(choices: Partial<ModelChoices> = {}): ModelResult {
  const request = resolveModelRequest({
    scenario: 'S01',
    seed: 7,
    peers: 8,
    pieces: 16,
    linkModel: 'chunk',
    payload: 'refs',
    ...choices,
  });
  return runModel(request, { seconds: () => 0, memoryBytes: () => 0, progress: () => undefined });
}
