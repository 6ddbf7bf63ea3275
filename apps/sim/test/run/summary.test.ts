import { describe, expect, it } from 'vitest';

import { renderSummary } from '../../src/run/summary.js';
import type { RunResult } from '../../src/run/result.js';

const result: RunResult = {
  event: 'result',
  mode: 'run',
  scenario: null,
  peers: 2,
  seeders: 1,
  seed: 1,
  length: 8 * 2 ** 20,
  pieces: 128,
  boundSeconds: 4,
  p50Seconds: 5,
  p95Seconds: 6,
  maxSeconds: 6,
  ratioP50: 1.25,
  ratioP95: 1.5,
  ratioMax: 1.5,
  incomplete: 0,
  verified: 1,
  seederUploadRatio: 1.01,
  duplicateRatio: 0,
  wastedRatio: 0.001,
  controlRatio: null,
  uplinkUse: 0.5,
  overlay: { diameter: 1, clustering: 0, components: 1, meanDegree: 1 },
  pexLinks: 0,
  wallSeconds: 6.5,
  events: 10,
  eventsPerSecond: 2,
  peakRssBytes: 1,
  traceHash: null,
  nodes: [
    {
      name: 'seeder-1',
      role: 'seeder',
      address: '127.1.0.1:1',
      cpuSeconds: 0.5,
      peakRssBytes: 80 * 2 ** 20,
      uploaded: 8 * 2 ** 20,
      downloaded: 0,
      seconds: null,
    },
    {
      name: 'peer-1',
      role: 'leecher',
      address: null,
      cpuSeconds: null,
      peakRssBytes: null,
      uploaded: null,
      downloaded: null,
      seconds: 6,
    },
  ],
};

describe('renderSummary', () => {
  it('shows all figures of a run with limits', () => {
    expect(`\n${renderSummary(result)}\n`).toMatchInlineSnapshot(`
      "
      node      uploaded  downloaded  seconds  CPU     peak memory
      seeder-1  8 MiB     0 B         –        0.50 s  80 MiB
      peer-1    –         –           6.00     –       –

      file     8 MiB in 128 pieces, random bytes of seed 1
      nodes    2: 1 seeder, 1 leecher
      copies   1 of 1 complete, 1 verified by SHA-1
      times    p50 5.00 s (1.25 x the bound), p95 6.00 s (1.50 x the bound), max 6.00 s (1.50 x the bound)
      bound    4.00 s is the least these rates allow
      seeder   the first one sent 1.01 copies
      wasted   0.1% of what leechers received
      uplinks  50.0% of what they could have sent
      overlay  1 component, diameter 1, clustering 0.00, 1.0 links a node; 0 links made through peer exchange
      run      6.5 s from the first process to the last copy
      "
    `);
  });

  it('leaves out what is not known, and says "never" of a time that did not come', () => {
    const text = renderSummary({
      ...result,
      boundSeconds: null,
      ratioP50: null,
      ratioP95: null,
      p95Seconds: null,
      maxSeconds: null,
      ratioMax: null,
      incomplete: 1,
      verified: 0,
      seederUploadRatio: null,
      wastedRatio: null,
      uplinkUse: null,
    });
    expect(text).toContain('p50 5.00 s, p95 never, max never');
    expect(text).toContain('0 of 1 complete, 0 verified');
    expect(text).not.toMatch(/bound|null|NaN|uplinks|wasted|seeder {2,}the/);
  });
});
