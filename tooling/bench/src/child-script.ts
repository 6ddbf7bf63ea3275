import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import { LONGEST_RUN_MS } from './programs/program.js';
import { scriptPath } from './script-path.js';

/** A script of ours as a process of its own that goes on until it is stopped, and answers when asked. */
export class ChildScript {
  readonly #process: ChildProcess;

  /**
   * Fulfils when the script tells that it is ready, by its first message.
   *
   * @throws {Error} when it ends before, or takes too long
   */
  static async start(name: string, args: readonly (string | number | boolean)[]): Promise<ChildScript> {
    const child = fork(scriptPath(name), args.map(String));
    const exited = once(child, 'exit').then(() => {
      throw new Error(`${name} ${args.join(' ')} ended`);
    });
    exited.catch(() => undefined);
    const ready = once(child, 'message', { signal: AbortSignal.timeout(LONGEST_RUN_MS) });
    await Promise.race([ready, exited]);
    return new ChildScript(child);
  }

  private constructor(child: ChildProcess) {
    this.#process = child;
  }

  /** What it knows by now. */
  async ask(): Promise<object> {
    const answered = once(this.#process, 'message', { signal: AbortSignal.timeout(LONGEST_RUN_MS) });
    this.#process.send('tell');
    const found: unknown = (await answered)[0];
    if (typeof found !== 'object' || found === null) throw new Error(`expected an object, got ${String(found)}`);
    return found;
  }

  stop(): void {
    this.#process.kill('SIGKILL');
  }
}
