/**
 * Goal: the built program, with real nodes, does what its README says, and leaves nothing, however it ends.
 *
 * Method: `dist/main.js` as a process of its own, working in a folder of the test. Needs a build, as `npm test` makes one.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

import { describe, expect, it, onTestFinished } from 'vitest';

import { findNodeProgram } from '../src/node-program.js';
import { runProgram } from '../src/program.js';
import { CleanUp } from '../src/run/clean-up.js';
import { argumentsOf, processesWith, until } from './processes.js';
import { temporaryFolder } from './temporary-folder.js';
import { TextSink } from './text-sink.js';

const SIM = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const onLinux = process.platform === 'linux';
const PATIENCE_MS = 120_000;
const LENGTH = 8 * 2 ** 20;

/** A number within bounds, both included. */
function between(least: number, most: number): unknown {
  return expect.toSatisfy((value) => typeof value === 'number' && value >= least && value <= most);
}

/** Starts p2p-sim; it is killed if the test leaves it behind. */
function startSim(args: readonly string[]): { child: ChildProcess; output: { stdout: string; stderr: string } } {
  const child = spawn(process.execPath, [SIM, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  return { child, output };
}

/** Runs p2p-sim to its end. */
async function sim(args: readonly string[]) {
  const { child, output } = startSim(args);
  const exit: unknown[] = await once(child, 'close');
  return { exitCode: exit[0], ...output };
}

/** Starts a run that would take hours, and waits until every node is there. */
async function startLongRun() {
  const folder = temporaryFolder();
  const args = ['run', '--peers', '4', '--size', '8MiB', '--limit-up', '1KiB', '--json', '--work-dir', folder];
  const { child, output } = startSim(args);
  // The runner has the folder on its command line, and so has each node.
  await until(() => processesWith(folder).length === 5);
  return { child, output, folder, nodes: () => processesWith(folder).filter((pid) => pid !== child.pid) };
}

describe('p2p-sim run', () => {
  it(
    'shares a file among four real nodes, of which three know one address only',
    { timeout: PATIENCE_MS },
    async () => {
      const folder = temporaryFolder();
      const args = ['run', '--peers', '4', '--size', '8MiB', '--limit-up', '4MiB', '--json', '--work-dir', folder];
      // Two seconds at least: time enough for the peers to find each other.
      const { exitCode, stdout, stderr } = await sim(args);
      expect(exitCode, stderr).toBe(0);
      const result: unknown = JSON.parse(stdout);
      expect(result).toMatchObject({ peers: 4, length: LENGTH, pieces: 128, incomplete: 0, verified: 3 });
      expect(result).toMatchObject({ boundSeconds: 2, overlay: { components: 1, diameter: 1 }, pexLinks: 3 });
      // A limit admits one second's worth at once, which at 4 MiB/s is half of this file: hence half the bound.
      expect(result).toMatchObject({
        seederUploadRatio: between(1, 3),
        ratioP50: between(0.5, 50),
        uplinkUse: between(0.01, 2),
      });
      expect(result).toMatchObject({
        nodes: Array(4).fill({ uploaded: between(0, 3 * LENGTH), downloaded: between(0, 3 * LENGTH) }),
      });
      expect(readdirSync(folder)).toEqual([]);
      expect(processesWith(folder)).toEqual([]);
    },
  );

  it.runIf(onLinux)('tells every node but the first one address, and no more', { timeout: PATIENCE_MS }, async () => {
    const { nodes } = await startLongRun();
    const told = nodes().map((pid) => argumentsOf(pid).filter((argument) => argument === '--peer').length);
    expect(told.sort()).toEqual([0, 1, 1, 1]);
  });

  it('shares a file of one byte', { timeout: PATIENCE_MS }, async () => {
    const { exitCode, stdout, stderr } = await sim(['run', '--peers', '2', '--size', '1', '--json']);
    expect(exitCode, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ length: 1, pieces: 1, verified: 1 });
  });

  it('knows two seeders from one', { timeout: PATIENCE_MS }, async () => {
    const { exitCode, stdout, stderr } = await sim([
      'run',
      '--peers',
      '4',
      '--seeders',
      '2',
      '--size',
      '1MiB',
      '--json',
    ]);
    expect(exitCode, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ seeders: 2, verified: 2 });
  });
});

describe('the program, told that it is not on Linux', () => {
  it('tells real nodes on one address apart by their ports', { timeout: PATIENCE_MS }, async () => {
    const stdout = new TextSink();
    const stderr = new TextSink();
    const args = ['run', '--peers', '4', '--size', '8MiB', '--limit-up', '4MiB', '--json'];
    const exitCode = await runProgram(args, {
      version: '0.0.0',
      terminal: { stdout, stderr, now: () => performance.now() },
      platform: 'darwin',
      environment: {},
      interruption: { signal: new AbortController().signal, exitCode: () => undefined },
      cleanUp: new CleanUp(),
      findNodeProgram,
    });
    expect(exitCode, stderr.text).toBe(0);
    const result: unknown = JSON.parse(stdout.text);
    const address: unknown = expect.stringMatching(/^127\.0\.0\.1:\d+$/);
    expect(result).toMatchObject({ verified: 3, overlay: { components: 1, diameter: 1 }, pexLinks: 3 });
    expect(result).toMatchObject({ nodes: Array(4).fill({ address }) });
  });
});

describe.runIf(onLinux)('p2p-sim leaves no process and no file', () => {
  it('when it is stopped by Ctrl-C', { timeout: PATIENCE_MS }, async () => {
    const { child, output, folder } = await startLongRun();
    child.kill('SIGINT');
    expect(await once(child, 'close')).toEqual([130, null]);
    expect(output.stderr).toContain('p2p-sim: stopped by SIGINT');
    expect(output.stdout).toBe('');
    expect(processesWith(folder)).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('when it is stopped twice, by someone in a hurry', { timeout: PATIENCE_MS }, async () => {
    const { child, folder } = await startLongRun();
    child.kill('SIGTERM');
    child.kill('SIGINT');
    const exit: unknown[] = await once(child, 'close');
    expect([130, 143]).toContain(exit[0]);
    await until(() => processesWith(folder).length === 0);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('when one of its nodes is killed', { timeout: PATIENCE_MS }, async () => {
    const { child, output, folder, nodes } = await startLongRun();
    const [victim] = nodes();
    if (victim !== undefined) process.kill(victim, 'SIGKILL');
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(output.stderr).toMatch(/p2p-sim: (seeder|peer)-\d was ended by SIGKILL/);
    expect(JSON.parse(output.stdout)).toMatchObject({ incomplete: 3, verified: 0 });
    expect(processesWith(folder)).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('when it is itself killed, and cannot do a thing', { timeout: PATIENCE_MS }, async () => {
    const { child, folder } = await startLongRun();
    child.kill('SIGKILL');
    await until(() => processesWith(folder).length === 0);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('p2p-sim demo', () => {
  it('ends well, in plain lines where nobody watches', { timeout: PATIENCE_MS }, async () => {
    const { exitCode, stdout, stderr } = await sim(['demo', '--size', '8MiB']);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toContain('✔ 3 copies complete');
    expect(stdout).not.toContain('\u001B');
  });
});
