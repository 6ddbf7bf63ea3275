import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { pathToFileURL } from 'node:url';

import { LineSplitter } from './line-splitter.js';
import { parseNodeEvent } from './node-event.js';
import type { NodeEvent } from './node-event.js';

/** What to start: the node's built program, and the module that ties it to us (see `leash.ts`), if there is one. */
export interface NodeProgram {
  readonly scriptPath: string;
  readonly leashPath: string | undefined;
}

/** How a process ended. */
export interface NodeExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** The end of what it wrote to standard error, or why it could not be started. */
  readonly lastWords: string;
  /** Whether {@link NodeProcess.stop} or {@link NodeProcess.kill} came first. */
  readonly wasAskedToStop: boolean;
}

/** Called in the order in which things happen; `handleExit` once and last. */
export interface NodeProcessListener {
  handleEvent(event: NodeEvent): void;
  handleExit(exit: NodeExit): void;
}

/** One real node: a process of its own, in a process group of its own, that speaks JSON lines. */
export class NodeProcess {
  readonly #child: ChildProcess;
  readonly #listener: NodeProcessListener;
  readonly exited: Promise<NodeExit>;
  #lastWords = '';
  #wasAskedToStop = false;

  /**
   * @param orphanFolder what the leash removes if we die without a chance to clean up
   */
  constructor(program: NodeProgram, args: readonly string[], listener: NodeProcessListener, orphanFolder?: string) {
    const leash = program.leashPath === undefined ? [] : ['--import', pathToFileURL(program.leashPath).href];
    this.#listener = listener;
    this.#child = spawn(process.execPath, [...leash, program.scriptPath, ...args], {
      // A group of its own keeps a terminal's Ctrl-C for us alone, and lets kill() reach whatever a node has started.
      detached: hasProcessGroups,
      windowsHide: true,
      stdio: ['ignore', 'pipe', 'pipe', ...(program.leashPath === undefined ? [] : ['ipc' as const])],
      // Undefined takes the variable away: whoever set it for us must not have that folder removed.
      env: { ...process.env, P2P_SIM_FOLDER: orphanFolder },
    });
    this.exited = new Promise((resolve) => this.#follow(resolve));
  }

  /** Undefined if it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Asks the node to save and leave. */
  stop(): void {
    this.#wasAskedToStop = true;
    if (this.#isAlive) this.#child.kill('SIGTERM');
  }

  /** Ends the node and its process group at once. Synchronous: fit for the last moment of our own process. */
  kill(): void {
    this.#wasAskedToStop = true;
    if (this.#isAlive) this.#killGroup();
  }

  get #isAlive(): boolean {
    return this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  #follow(resolve: (exit: NodeExit) => void): void {
    const splitter = new LineSplitter();
    this.#child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      for (const line of splitter.push(chunk)) {
        const event = parseNodeEvent(line);
        if (event) this.#listener.handleEvent(event);
      }
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      this.#lastWords = (this.#lastWords + chunk).slice(-MAX_LAST_WORDS_CHARACTERS);
    });
    const settle = (code: number | null, signal: string | null): void => {
      const exit = { code, signal, lastWords: this.#lastWords.trim(), wasAskedToStop: this.#wasAskedToStop };
      this.#listener.handleExit(exit);
      resolve(exit);
    };
    this.#child.once('error', (error) => {
      // Also raised when a signal cannot be sent; only a process that never was has no pid.
      if (this.#child.pid !== undefined) return;
      this.#lastWords = error.message;
      settle(null, null);
    });
    // Whatever the node has started would keep its pipes open, and 'close' would never come.
    this.#child.once('exit', () => this.#killGroup());
    // 'close' and not 'exit': only then has everything that it wrote been read.
    this.#child.once('close', (code, signal) => {
      if (this.#child.pid !== undefined) settle(code, signal);
    });
  }

  #killGroup(): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      process.kill(hasProcessGroups ? -pid : pid, 'SIGKILL');
    } catch {
      // Nobody left in it.
    }
  }
}

const hasProcessGroups = process.platform !== 'win32';
/** Enough for a stack trace. */
const MAX_LAST_WORDS_CHARACTERS = 4_000;
