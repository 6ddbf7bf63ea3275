import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Says what to do when the tests of what is built come before the build. */
export function requireBuild(): void {
  if (existsSync(new URL('../dist/index.js', import.meta.url))) return;
  throw new Error('packages/wire/dist is missing: run "npm run build" in the repository first');
}

/** What a finished program left. */
export interface Outcome {
  readonly code: number | null;
  /** Of both streams, in order. */
  readonly output: string;
}

/** Whether a program can be started; in continuous integration it must be. */
export function isInstalled(program: string): boolean {
  const isThere = program.startsWith('/') ? existsSync(program) : spawnSync(program, ['--version']).error === undefined;
  if (!isThere && process.env['CI'] === 'true') throw new Error(`${program} is missing, and CI=true: install it`);
  return isThere;
}

/** Runs a program to its end. */
export function run(program: string, args: readonly string[], cwd: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const take = (chunk: Buffer): void => void (output += chunk.toString());
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, output });
    });
  });
}

/** A program that runs until it is stopped. */
export class Background {
  readonly #child;
  readonly #ended: Promise<void>;
  #output = '';

  constructor(program: string, args: readonly string[], cwd: string) {
    this.#child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#ended = new Promise((resolve) => this.#child.once('close', () => resolve()));
    const take = (chunk: Buffer): void => void (this.#output += chunk.toString());
    this.#child.stdout.on('data', take);
    this.#child.stderr.on('data', take);
  }

  /** Waits until it has printed all of these texts. */
  async printed(...texts: readonly string[]): Promise<void> {
    for (;;) {
      if (texts.every((text) => this.#output.includes(text))) return;
      const chunk = new Promise<void>((resolve) => this.#child.stdout.once('data', () => resolve()));
      const isOver = await Promise.race([chunk.then(() => false), this.#ended.then(() => true)]);
      if (isOver) throw new Error(`ended before it printed ${texts.join(' and ')}:\n${this.#output}`);
    }
  }

  /** Ends it at once, and waits until it is gone. */
  async stop(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}
