/**
 * Goal: whatever the nodes do, a run ends with a true account, no process and no file.
 *
 * Method: real processes of a fake node that fails in one way each, in a folder of the test that must be empty at the
 * end. That no process is left follows from `Cluster.stop`, and is checked by looking for processes that have the folder on their command line.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

import { describe, expect, it } from 'vitest';

import { CleanUp } from '../../src/run/clean-up.js';
import { createDisplay } from '../../src/run/display.js';
import { resolveRunOptions } from '../../src/run/run-options.js';
import type { RunOptions } from '../../src/run/run-options.js';
import { runSwarm } from '../../src/run/run-swarm.js';
import { SimError } from '../../src/sim-error.js';
import { fakeNode } from '../fixtures.js';
import type { FakeBehaviour } from '../fixtures.js';
import { processesWith, until } from '../processes.js';
import { temporaryFolder } from '../temporary-folder.js';
import { TextSink } from '../text-sink.js';

/** A run of small files with one kind of fake node. */
function aRun(behaviour: FakeBehaviour, change: Partial<RunOptions> = {}) {
  const workFolder = temporaryFolder();
  const sink = new TextSink();
  const aborter = new AbortController();
  const cleanUp = new CleanUp();
  const ports = {
    program: fakeNode(behaviour),
    display: createDisplay(sink),
    interrupted: aborter.signal,
    cleanUp,
    platform: process.platform,
    seconds: () => performance.now() / 1000,
  };
  const options = resolveRunOptions({ nodeCount: 4, lengthBytes: 300_000, workFolder, ...change });
  return { workFolder, sink, aborter, cleanUp, start: () => runSwarm(ports, options) };
}

describe('runSwarm', () => {
  it('shares a file, verifies every copy, and leaves nothing', async () => {
    const run = aRun('honest');
    const { result, problems, keptFolder } = await run.start();
    expect(problems).toEqual([]);
    expect(result).toMatchObject({
      peers: 4,
      length: 300_000,
      pieces: 5,
      incomplete: 0,
      verified: 3,
      seederUploadRatio: 3,
      wastedRatio: 0,
      overlay: { components: 1, diameter: 2, meanDegree: 1.5 },
      pexLinks: 0,
    });
    expect(result.nodes.map(({ downloaded }) => downloaded)).toEqual([0, 300_000, 300_000, 300_000]);
    expect(keptFolder).toBeUndefined();
    expect(readdirSync(run.workFolder)).toEqual([]);
    expect(processesWith(run.workFolder)).toEqual([]);
  });

  it.runIf(process.platform === 'linux')('knows what each process has cost', async () => {
    const { result } = await aRun('honest').start();
    for (const { cpuSeconds, peakRssBytes } of result.nodes) {
      expect(cpuSeconds).toBeGreaterThan(0);
      expect(peakRssBytes).toBeGreaterThan(10_000_000);
    }
  });

  it('keeps the copies when asked to, and says where', async () => {
    const run = aRun('honest', { keepsFiles: true });
    const { keptFolder } = await run.start();
    const original = readFileSync(join(keptFolder ?? '', 'original.bin'));
    for (const name of ['peer-1', 'peer-2', 'peer-3']) {
      expect(readFileSync(join(keptFolder ?? '', `${name}.bin`)).equals(original)).toBe(true);
    }
    run.cleanUp.run();
    expect(statSync(keptFolder ?? '').isDirectory()).toBe(true);
  });

  it('finds a copy that differs, though its node believes in it', async () => {
    const run = aRun('corrupting', { nodeCount: 2 });
    const { result, problems } = await run.start();
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^the copy of peer-1 differs: .* has SHA-1 [0-9a-f]{40}, the original [0-9a-f]{40}$/);
    expect(result).toMatchObject({ incomplete: 0, verified: 0 });
    expect(readdirSync(run.workFolder)).toEqual([]);
  });

  it('ends at once when a node crashes, and repeats its last words', async () => {
    const run = aRun('crashing');
    const { result, problems } = await run.start();
    expect(problems[0]).toMatch(/^peer-\d ended with exit code 7; its last words:\n {4}fake node: the sky is falling$/);
    expect(result.incomplete).toBe(3);
    expect(result.maxSeconds).toBeNull();
    expect(readdirSync(run.workFolder)).toEqual([]);
    expect(processesWith(run.workFolder)).toEqual([]);
  });

  it('gives up when nothing moves any more', async () => {
    const run = aRun('hanging', { stallTimeoutMs: 1 });
    const { problems } = await run.start();
    expect(problems[0]).toMatch(/^nothing has moved for \d+ s: 0 of 3 copies are complete; .*--stall-timeout$/);
    expect(readdirSync(run.workFolder)).toEqual([]);
    expect(processesWith(run.workFolder)).toEqual([]);
  });

  it('leaves figures unknown that nodes do not report', async () => {
    const { result, problems } = await aRun('silent', { nodeCount: 2 }).start();
    expect(problems).toEqual([]);
    expect(result).toMatchObject({ seederUploadRatio: null, wastedRatio: null, verified: 1 });
  });

  it('rejects when it is interrupted, and still leaves nothing', async () => {
    const run = aRun('hanging');
    const outcome = run.start();
    setTimeout(() => run.aborter.abort(new SimError('interrupted', 'stopped by SIGINT')), 500);
    await expect(outcome).rejects.toThrow('stopped by SIGINT');
    expect(readdirSync(run.workFolder)).toEqual([]);
    expect(processesWith(run.workFolder)).toEqual([]);
  });

  it('rejects at once when it was interrupted before it began', async () => {
    const run = aRun('honest');
    run.aborter.abort(new SimError('interrupted', 'stopped by SIGINT'));
    await expect(run.start()).rejects.toThrow('stopped by SIGINT');
    expect(readdirSync(run.workFolder)).toEqual([]);
  });

  it.runIf(process.platform === 'linux')('leaves nothing either when the whole process must end at once', async () => {
    const run = aRun('deaf', { nodeCount: 2 });
    const outcome = run.start();
    await until(() => processesWith(run.workFolder).length === 2);
    run.cleanUp.run();
    expect(readdirSync(run.workFolder)).toEqual([]);
    await outcome.catch(() => undefined);
    expect(processesWith(run.workFolder)).toEqual([]);
  });
});
