/**
 * Goal: the built program gets on with the shell: pipes whose writer pauses or whose reader is gone, disks that are full, signals.
 *
 * Method: `dist/main.js` as a process of its own. Needs a build, as `npm test` makes one.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { describe, expect, it, onTestFinished } from 'vitest';

import { fixtureResult, lineOf } from './report/fixture-results.js';
import { temporaryFolder } from './temporary-folder.js';

const SIM = fileURLToPath(new URL('../dist/main.js', import.meta.url));

/** `p2p-sim report -`, when it has read this much and waits for more. */
async function startReport(out: string) {
  const child = spawn(process.execPath, [SIM, 'report', '-', '-o', out], { stdio: ['pipe', 'ignore', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const exited = once(child, 'close').then(([code]: unknown[]) => ({ code, stderr }));
  // More than any buffer holds, so that it is being read when all of it is written.
  await new Promise((resolve) => child.stdin.write(`${' '.repeat(65_535)}\n`.repeat(64), resolve));
  return { child, exited };
}

describe('p2p-sim report -', () => {
  it('waits for a writer that pauses', async () => {
    const out = join(temporaryFolder(), 'report.html');
    const { child, exited } = await startReport(out);
    await delay(200);
    child.stdin.end(lineOf(fixtureResult()));
    expect(await exited).toEqual({ code: 0, stderr: `Wrote ${out} with 5 pictures.\n` });
  });

  it('ends at the first SIGTERM while it waits', async () => {
    const out = join(temporaryFolder(), 'report.html');
    const { child, exited } = await startReport(out);
    child.kill('SIGTERM');
    const { code, stderr } = await exited;
    expect(code).toBe(143);
    expect(stderr).toContain('stopped by SIGTERM');
    expect(existsSync(out)).toBe(false);
  });

  it('says what is wrong with a line, and no more, though its writer goes on', async () => {
    const { child, exited } = await startReport(join(temporaryFolder(), 'report.html'));
    child.stdin.on('error', () => undefined);
    child.stdin.write('no result\n');
    const { code, stderr } = await exited;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^p2p-sim: standard input:\d+: expected one JSON object, got no result\.[^\n]*\n$/);
  });
});

describe('p2p-sim', () => {
  it.skipIf(!existsSync('/dev/full'))(
    'says that its output cannot be written (skipped where there is no /dev/full)',
    async () => {
      const full = openSync('/dev/full', 'w');
      const args = ['model', '--scenario', 'S01', '--peers', '2', '--pieces', '2', '--json'];
      const child = spawn(process.execPath, [SIM, ...args], { stdio: ['ignore', full, 'pipe'] });
      closeSync(full);
      let stderr = '';
      child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      const exit: unknown[] = await once(child, 'close');
      expect(exit[0]).toBe(1);
      expect(stderr).toMatch(/^p2p-sim: the output cannot be written: ENOSPC.*\n$/);
    },
  );

  it('ends without a word when nobody reads its output any more', async () => {
    const args = ['model', '--scenario', 'S01', '--peers', '2', '--pieces', '2', '--seeds', '1..1000', '--json'];
    const child = spawn(process.execPath, [SIM, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.stdout.once('data', () => child.stdout.destroy());
    const exit: unknown[] = await once(child, 'close');
    expect({ code: exit[0], stderr }).toEqual({ code: 1, stderr: '' });
  });
});
