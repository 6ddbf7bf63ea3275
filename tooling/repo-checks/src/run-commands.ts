import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { repositoryRoot } from './workspace.js';

export interface CommandsOutcome {
  /** Null if they took too long, and were ended. */
  readonly exitCode: number | null;
  readonly output: string;
}

/**
 * Runs commands as a person types them at the repository's root, up to the first that fails; `$SCRATCH` is an empty
 * folder. Whatever they leave running, or lying there, is gone afterwards.
 */
export async function runCommands(text: string, limitMs: number): Promise<CommandsOutcome> {
  const scratch = mkdtempSync(join(tmpdir(), 'p2p-commands-'));
  const child = spawn('bash', ['-euo', 'pipefail', '-c', text], {
    cwd: repositoryRoot,
    env: { ...process.env, SCRATCH: scratch },
    detached: true, // a process group of its own, so that all of it can be ended
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const take = (chunk: string): void => void (output += chunk);
  child.stdout.setEncoding('utf8').on('data', take);
  child.stderr.setEncoding('utf8').on('data', take);
  const timer = setTimeout(() => endGroup(child.pid), limitMs);
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => endGroup(child.pid));
    child.once('close', resolve);
  });
  clearTimeout(timer);
  rmSync(scratch, { recursive: true, force: true });
  return { exitCode, output };
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
}
