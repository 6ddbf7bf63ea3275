import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

import type { NetworkNamespace } from './network-namespace.js';

export interface ProcessOptions {
  readonly cwd?: string;
  /** Runs the process inside this network namespace. */
  readonly namespace?: NetworkNamespace | undefined;
  /** Added to our own environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * A child process that prints lines, and that is certain to be gone at the end.
 *
 * It is ended by its own pid: by {@link ManagedProcess.stop}, else when this process exits, else (where `setpriv` exists) by
 * the kernel when this process dies without a word.
 */
export class ManagedProcess {
  readonly command: string;
  readonly pid: number;
  /** Fulfils, never rejects, when the process has ended. */
  readonly exited: Promise<string>;

  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: string[] = [];
  readonly #watchers = new Set<(line: string) => void>();
  #status: string | undefined;

  /** @throws {Error} when the program cannot be started */
  static start(command: string, args: readonly string[], options: ProcessOptions = {}): ManagedProcess {
    const [program = command, ...rest] = [...wrapping(options.namespace), command, ...args];
    const child = spawn(program, rest, { cwd: options.cwd, env: childEnvironment(options.environment) });
    if (child.pid === undefined) throw new Error(`${command} does not start: is it installed?`);
    return new ManagedProcess(command, child, child.pid);
  }

  private constructor(command: string, child: ChildProcessWithoutNullStreams, pid: number) {
    this.command = command;
    this.pid = pid;
    this.#child = child;
    running.add(this);
    this.exited = new Promise((resolve) => {
      child.once('error', (error) => resolve(this.#ended(error.message)));
      child.once('close', (code, signal) => resolve(this.#ended(signal ?? `exit code ${String(code)}`)));
    });
    child.stdin.on('error', () => undefined); // the process ended while we were writing; `exited` tells
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => this.#handleLine(line));
    }
  }

  get isRunning(): boolean {
    return this.#status === undefined;
  }

  /** The last lines printed, for error messages. */
  get transcript(): string {
    return this.#lines.slice(-40).join('\n');
  }

  writeLine(line: string): void {
    this.#child.stdin.write(`${line}\n`);
  }

  /** Calls `watch` with each line printed so far and from now on; answers how to stop. */
  onLine(watch: (line: string) => void): () => void {
    for (const line of this.#lines) watch(line);
    this.#watchers.add(watch);
    return () => this.#watchers.delete(watch);
  }

  /**
   * The first line, past or future, from which `select` makes something.
   *
   * @throws {Error} with the transcript, when the process ends first or `timeoutMs` passes; also what `select` throws
   */
  async find<T>(select: (line: string) => T | undefined, what: string, timeoutMs = 30_000): Promise<T> {
    let unwatch = (): void => undefined;
    const found = new Promise<T>((resolve, reject) => {
      unwatch = this.onLine((line) => {
        try {
          const value = select(line);
          if (value !== undefined) resolve(value);
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    });
    const timeout = new AbortController();
    try {
      return await Promise.race([
        found,
        this.exited.then((status) => this.#fail(`ended (${status}) before ${what}`)),
        sleep(timeoutMs, undefined, { signal: timeout.signal }).then(() =>
          this.#fail(`gave no ${what} within ${timeoutMs / 1000} s`),
        ),
      ]);
    } finally {
      unwatch();
      timeout.abort();
    }
  }

  /** Ends the process: politely, and after `graceMs` by force. */
  async stop(graceMs = 3_000): Promise<void> {
    this.#child.kill('SIGTERM');
    const timeout = new AbortController();
    const grace = sleep(graceMs, undefined, { signal: timeout.signal }).catch(() => undefined);
    await Promise.race([this.exited, grace]);
    timeout.abort();
    await this.kill();
  }

  /** Ends the process as a crash would: SIGKILL. */
  async kill(): Promise<void> {
    this.killNow();
    await this.exited;
  }

  /** The same without waiting. Unlike `process.kill`, it takes a process that has just ended for nothing to do. */
  killNow(): void {
    this.#child.kill('SIGKILL');
  }

  /**
   * Waits until the process has ended by itself, and well.
   *
   * @throws {Error} with the transcript, when it fails, or takes longer, in which case it is ended
   */
  async finish(what: string, timeoutMs: number): Promise<void> {
    const timeout = new AbortController();
    const late = sleep(timeoutMs, `not done within ${timeoutMs / 1000} s`, { signal: timeout.signal });
    const status = await Promise.race([this.exited, late]);
    timeout.abort();
    if (status === 'exit code 0') return;
    await this.kill();
    throw new Error(`${what}: ${status}. It printed:\n${this.transcript}`);
  }

  #handleLine(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > MAX_LINES_KEPT) this.#lines.splice(0, MAX_LINES_KEPT / 2);
    for (const watch of this.#watchers) watch(line);
  }

  #ended(status: string): string {
    this.#status ??= status;
    running.delete(this);
    return this.#status;
  }

  #fail(what: string): never {
    throw new Error(`${this.command} ${what}. It printed:\n${this.transcript}`);
  }
}

const running = new Set<ManagedProcess>();
process.once('exit', () => {
  for (const each of running) each.killNow();
});

function wrapping(namespace: NetworkNamespace | undefined): readonly string[] {
  const dieWithUs = existsSync('/usr/bin/setpriv') ? ['/usr/bin/setpriv', '--pdeathsig', 'KILL', '--'] : [];
  return [...dieWithUs, ...(namespace?.prefix ?? [])];
}

function childEnvironment(extra: Readonly<Record<string, string>> | undefined): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !NOT_INHERITED.has(name));
  return { ...Object.fromEntries(inherited), NO_COLOR: '1', ...extra };
}

/** The first costs a node 90 ms at its start; the others change what a program prints or how it runs. */
const NOT_INHERITED = new Set(['NODE_EXTRA_CA_CERTS', 'FORCE_COLOR', 'NODE_OPTIONS']);

/** A client that never stops printing must not fill our memory. */
const MAX_LINES_KEPT = 20_000;
