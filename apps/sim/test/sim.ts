import { performance } from 'node:perf_hooks';

import { runProgram } from '../src/program.js';
import { CleanUp } from '../src/run/clean-up.js';
import type { SimRuntime } from '../src/sim-runtime.js';
import { fakeNode } from './fixtures.js';
import type { FakeBehaviour } from './fixtures.js';
import { TextSink } from './text-sink.js';

/** Runs one command line against fake nodes. */
export async function sim(
  args: string[],
  behaviour: FakeBehaviour = 'honest',
  interrupted: SimRuntime['interruption']['signal'] = new AbortController().signal,
) {
  const stdout = new TextSink();
  const stderr = new TextSink();
  const exitCode = await runProgram(args, {
    version: '1.2.3',
    terminal: { stdout, stderr, now: () => performance.now() },
    platform: process.platform,
    environment: {},
    interruption: { signal: interrupted, exitCode: () => (interrupted.aborted ? 130 : undefined) },
    cleanUp: new CleanUp(),
    findNodeProgram: () => fakeNode(behaviour),
  });
  return { exitCode, stdout: stdout.text, stderr: stderr.text };
}
