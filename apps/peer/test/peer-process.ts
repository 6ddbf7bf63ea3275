import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** One line of `--json`. */
export type EventLine = Readonly<Record<string, unknown>> & { readonly event: string };

/** How a process ended. */
export interface Ending {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built node as a process. Whoever starts one ends it: `stopAll` after each test. */
export class PeerProcess {
  readonly events: EventLine[] = [];
  readonly ended: Promise<Ending>;
  readonly #child: ChildProcess;
  readonly #waiting = new Set<() => void>();
  #stdout = '';
  #stderr = '';
  #hasEnded = false;

  constructor(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is missing: build it first (npm run build)`);
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    running.add(this);
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (line) => {
      this.#takeLine(line);
    });
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exitCode) => {
        this.#hasEnded = true;
        running.delete(this);
        this.#wake();
        resolve({ exitCode, stdout: this.#stdout, stderr: this.#stderr });
      });
    });
  }

  /** The first event of a kind, now or later; rejects if the process ends without it. */
  async event(kind: string): Promise<EventLine> {
    return this.#first(`event "${kind}"`, () => this.events.find((line) => line.event === kind));
  }

  /** The first `progress` with more than so many bytes. */
  async progressBeyond(bytes: number): Promise<EventLine> {
    const isBeyond = (line: EventLine) => line.event === 'progress' && Number(line['bytes']) > bytes;
    return this.#first(`progress beyond ${bytes} bytes`, () => this.events.find(isBeyond));
  }

  /** Until it has printed a line to stdout. */
  async line(text: string): Promise<void> {
    await this.#first(`line "${text}"`, () => (this.#stdout.split('\n').includes(text) ? true : undefined));
  }

  async #first<T>(what: string, find: () => T | undefined): Promise<T> {
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      if (this.#hasEnded) throw new Error(`no ${what} before the end:\n${this.#stdout}${this.#stderr}`);
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** Where it listens, from the event `listening`. */
  async address(): Promise<string> {
    const { host, port } = await this.event('listening');
    return `${String(host)}:${String(port)}`;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Stops reading what it prints, as `head` does. */
  closeStdout(): void {
    this.#child.stdout?.destroy();
  }

  #takeLine(line: string): void {
    this.#stdout += `${line}\n`;
    if (line.startsWith('{')) {
      const parsed: unknown = JSON.parse(line);
      if (isEventLine(parsed)) this.events.push(parsed);
    }
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}

/** Runs the node to its end. */
export async function runPeer(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ending> {
  return new PeerProcess(args, environment).ended;
}

/** Runs the node to its end with its output going to a file, such as one that takes nothing. */
export function runPeerInto(file: string, args: readonly string[]): Pick<Ending, 'exitCode' | 'stderr'> {
  const stdout = openSync(file, 'w');
  try {
    const ending = spawnSync(process.execPath, [PROGRAM, ...args], {
      stdio: ['ignore', stdout, 'pipe'],
      encoding: 'utf8',
    });
    return { exitCode: ending.status, stderr: ending.stderr };
  } finally {
    closeSync(stdout);
  }
}

/** Ends every process that still runs. */
export async function stopAll(): Promise<void> {
  const all = [...running];
  for (const peer of all) peer.kill('SIGKILL');
  await Promise.all(all.map(async (peer) => peer.ended));
}

function isEventLine(value: unknown): value is EventLine {
  return typeof value === 'object' && value !== null && 'event' in value && typeof value.event === 'string';
}

const running = new Set<PeerProcess>();
/** The file that Node runs. */
export const PROGRAM = fileURLToPath(new URL('../dist/main.cjs', import.meta.url));
