import { setTimeout as delay } from 'node:timers/promises';

import { SimError } from '../sim-error.js';
import { LinkLog } from './link-log.js';
import type { NodeEvent } from './node-event.js';
import { nodeArguments } from './node-plan.js';
import type { NodePlan } from './node-plan.js';
import { NodeProcess } from './node-process.js';
import type { NodeExit, NodeProgram } from './node-process.js';
import { NodeRecord } from './node-record.js';
import { readProcessUsage } from './process-usage.js';
import type { RunOptions } from './run-options.js';

/** What a cluster needs from outside. */
export interface ClusterPorts {
  readonly program: NodeProgram;
  /** Seconds of a monotonic clock; its zero does not matter. */
  readonly seconds: () => number;
  /** For remarks that do not stop the run. */
  readonly warn: (text: string) => void;
  /** Removed by a node that finds itself alone; undefined to remove nothing. */
  readonly orphanFolder: string | undefined;
}

/**
 * The node processes of one run: starts them, follows what they say, and ends them.
 *
 * A process is in `#processes` from its start to its end: whoever calls {@link stop} or {@link kill} misses none.
 */
export class Cluster {
  readonly records: readonly NodeRecord[];
  readonly links: LinkLog;
  readonly #ports: ClusterPorts;
  readonly #options: RunOptions;
  readonly #processes = new Map<NodeRecord, NodeProcess>();
  readonly #aborter = new AbortController();
  #waiting: { isDone: () => boolean; resolve: () => void } | undefined;
  #lastMoveAt: number;
  #eventCount = 0;

  constructor(ports: ClusterPorts, options: RunOptions, plans: readonly NodePlan[]) {
    this.#ports = ports;
    this.#options = options;
    this.records = plans.map((plan) => new NodeRecord(plan));
    this.links = new LinkLog(plans.map((plan) => plan.address.host));
    this.#lastMoveAt = ports.seconds();
  }

  get leechers(): NodeRecord[] {
    return this.records.filter(({ plan }) => plan.role === 'leecher');
  }

  /** Events read from all nodes so far. */
  get eventCount(): number {
    return this.#eventCount;
  }

  /**
   * Starts every node, the first seeder first, and waits until each leecher says that it is complete.
   *
   * @throws {SimError} `node-failed` or `stalled`; or the signal's reason
   */
  async run(signal: AbortSignal): Promise<void> {
    const stop = AbortSignal.any([signal, this.#aborter.signal]);
    const [first, ...others] = this.records;
    if (!first) return;
    this.#start(first, []);
    await this.#until(() => first.address !== undefined && first.isSharing, stop);
    for (const record of others) {
      this.#start(record, this.#addressesToTell(first));
      await delay(this.#options.startIntervalMs, undefined, { signal: stop }).catch(() => stop.throwIfAborted());
    }
    await this.#until(() => this.leechers.every(({ phase }) => phase.kind === 'complete'), stop);
  }

  /** To be called about once a second: gives up a run in which nothing moves. */
  checkProgress(): void {
    const idleSeconds = this.#ports.seconds() - this.#lastMoveAt;
    if (idleSeconds * 1000 < this.#options.stallTimeoutMs) return;
    const done = this.leechers.filter(({ phase }) => phase.kind === 'complete').length;
    this.#fail(
      new SimError(
        'stalled',
        `nothing has moved for ${Math.round(idleSeconds)} s: ${done} of ${this.leechers.length} copies are complete; ` +
          'if the limits are meant to be this low, give a longer --stall-timeout',
      ),
    );
  }

  /** Asks the system what each running node has used so far; a node that has gone keeps its last answer. */
  async readUsage(): Promise<void> {
    const readings = [...this.#processes].map(async ([record, { pid }]) => {
      const usage = pid === undefined ? undefined : await readProcessUsage(pid);
      if (usage) record.usage = usage;
    });
    await Promise.all(readings);
  }

  /** Asks every node to leave, and kills those that have not after {@link STOP_GRACE_MS}. Resolves when none is left. */
  async stop(): Promise<void> {
    this.links.handleEnd();
    const running = [...this.#processes];
    for (const [, process] of running) process.stop();
    const allGone = Promise.all(running.map(([, process]) => process.exited));
    const patience = new AbortController();
    const tooLate = delay(STOP_GRACE_MS, true, { signal: patience.signal }).catch(() => false);
    const isLate = await Promise.race([allGone.then(() => false), tooLate]);
    patience.abort();
    if (isLate) this.#killLateOnes();
    await allGone;
  }

  /** Ends every process at once, and with them the run. Synchronous. */
  kill(): void {
    this.#fail(new SimError('interrupted', 'all nodes were killed'));
    for (const process of this.#processes.values()) process.kill();
  }

  #killLateOnes(): void {
    const names = [...this.#processes.keys()].map(({ plan }) => plan.name);
    this.#ports.warn(`${names.join(', ')} did not stop within ${STOP_GRACE_MS / 1000} s and had to be killed`);
    this.kill();
  }

  #addressesToTell(first: NodeRecord): string[] {
    const told = this.#options.isBootstrapOnly ? [first] : this.records;
    return told.flatMap(({ address }) => (address === undefined ? [] : [address]));
  }

  #start(record: NodeRecord, peers: readonly string[]): void {
    this.links.handleTold(record.plan.nodeIndex, peers);
    const process = new NodeProcess(
      this.#ports.program,
      nodeArguments(record.plan, peers, this.#options),
      {
        handleEvent: (event) => this.#handleEvent(record, event),
        handleExit: (exit) => this.#handleExit(record, exit),
      },
      this.#ports.orphanFolder,
    );
    this.#processes.set(record, process);
  }

  #handleEvent(record: NodeRecord, event: NodeEvent): void {
    this.#eventCount += 1;
    const { name, nodeIndex } = record.plan;
    const now = this.#ports.seconds();
    if (record.handleEvent(event, now)) this.#lastMoveAt = now;
    if (event.event === 'peer') this.links.handlePeer(nodeIndex, event);
    if (event.event === 'listening' && record.address !== undefined)
      this.links.handleListening(nodeIndex, record.address);
    if (event.event === 'error') this.#ports.warn(`${name}: ${event.message} (${event.code})`);
    this.#settle();
  }

  #handleExit(record: NodeRecord, exit: NodeExit): void {
    this.#processes.delete(record);
    if (exit.wasAskedToStop) return;
    const reason = describeExit(exit);
    record.handleFailure(reason);
    this.#fail(new SimError('node-failed', `${record.plan.name} ${reason}`));
  }

  #fail(error: SimError): void {
    this.#aborter.abort(error);
  }

  /** Waits until a condition on what the nodes said holds; rejects with the signal's reason. One waits at a time. */
  async #until(isDone: () => boolean, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (isDone()) return;
    await new Promise<void>((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiting = undefined;
        reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting = {
        isDone,
        resolve: () => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        },
      };
    });
  }

  #settle(): void {
    if (!this.#waiting?.isDone()) return;
    this.#waiting.resolve();
    this.#waiting = undefined;
  }
}

function describeExit({ code, signal, lastWords }: NodeExit): string {
  const how =
    signal !== null
      ? `was ended by ${signal}`
      : code === null
        ? 'could not be started'
        : `ended with exit code ${code}`;
  return lastWords === '' ? `${how}, without a word` : `${how}; its last words:\n${lastWords.replace(/^/gm, '    ')}`;
}

/** A node saves and leaves within 2 s (`design.md` section 5); many at once on few cores take longer. */
export const STOP_GRACE_MS = 10_000;
