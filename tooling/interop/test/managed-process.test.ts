import { describe, expect, it } from 'vitest';

import { ManagedProcess } from '../src/index.js';

describe('a managed process', () => {
  it('may be stopped when it has ended while something that it started still holds its output', async () => {
    const managed = ManagedProcess.start('sh', ['-c', 'sleep 1 & echo $!']);
    const left = await managed.find((line) => line, 'pid of what it leaves');
    await expect.poll(() => isThere(managed.pid)).toBe(false);
    expect(managed.isRunning).toBe(true); // as far as its output tells
    const stopped = managed.stop();
    process.kill(Number(left), 'SIGKILL');
    await expect(stopped).resolves.toBeUndefined();
  });

  it('tells what it printed when it does not finish well', async () => {
    await expect(ManagedProcess.start('true', []).finish('nothing', 30_000)).resolves.toBeUndefined();
    const failing = ManagedProcess.start('sh', ['-c', 'echo no room; exit 3']);
    await expect(failing.finish('copying', 30_000)).rejects.toThrow('copying: exit code 3. It printed:\nno room');
  });

  it('is ended when it takes too long to finish', async () => {
    const waiting = ManagedProcess.start('sleep', ['600']);
    await expect(waiting.finish('waiting', 1)).rejects.toThrow('waiting: not done within 0.001 s');
    expect(waiting.isRunning).toBe(false);
  });
});

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
