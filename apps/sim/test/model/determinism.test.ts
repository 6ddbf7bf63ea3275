import { describe, expect, it } from 'vitest';

import { modelRun, modelRunOnce } from './a-model-run.js';

describe('a simulated swarm', () => {
  it('is the same run for the same seed, to the last figure', () => {
    expect(modelRunOnce({ peers: 12 })).toEqual(modelRunOnce({ peers: 12 }));
  });

  it('is another run for another seed', () => {
    expect(modelRun({ seed: 8 }).traceHash).not.toBe(modelRun({ seed: 7 }).traceHash);
  });

  it.each([{ scenario: 'S01' }, { scenario: 'S08', set: ['pollutingShare=0.3'] }])(
    'decides the same with real bytes as with references: $scenario',
    (chosen) => {
      const choices = { ...chosen, peers: 10, pieces: 24 };
      const [refs, bytes] = [modelRun(choices), modelRun({ ...choices, payload: 'bytes' })];
      expect(bytes).toEqual({ ...refs, payload: 'bytes', command: bytes.command });
      expect(refs.incomplete).toBe(0);
    },
  );
});
