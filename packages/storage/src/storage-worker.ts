import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

import type { ContentJob, JobResult } from './content-job.js';
import type { ContentPlan } from './content-plan.js';
import { IntegerRing, RING_CAPACITY } from './integer-ring.js';
import { StorageError, abortedBy } from './storage-error.js';
import { WorkerStore } from './worker-store.js';
import { COMMIT_RECORD_WIDTH, RESULT_RECORD_WIDTH, SIGNAL, packCommit, unpackResult } from './worker-protocol.js';
import type { CommitRecord, MessageFromWorker, MessageToWorker, SharedMemory } from './worker-protocol.js';

/** Choices for a {@link StorageWorker}. */
export interface StorageWorkerOptions {
  /**
   * The built worker script, `dist/hash-worker.js` of this package. By default it is found through the package's
   * exports; give it if your bundler makes one file of everything.
   */
  readonly scriptUrl?: URL;
}

/**
 * One thread beside the main one, for hashing and writing. Several stores may share it.
 *
 * It is started by the first work for it (about 40 ms), sleeps when there is none, and keeps the process alive only
 * while it has some. Whoever made it closes it, after the stores that use it.
 */
export class StorageWorker {
  readonly #scriptUrl: URL | undefined;
  readonly #commits = new IntegerRing(COMMIT_RECORD_WIDTH);
  readonly #results = new IntegerRing(RESULT_RECORD_WIDTH);
  readonly #signalMemory = new SharedArrayBuffer(8);
  readonly #signals = new Int32Array(this.#signalMemory);
  readonly #commit = new Int32Array(COMMIT_RECORD_WIDTH);
  readonly #result = new Int32Array(RESULT_RECORD_WIDTH);
  /** Committed pieces beyond what the ring holds; bounded by the stores, whose pieces all have memory or lie in files. */
  readonly #waiting: CommitRecord[] = [];
  readonly #stores = new Map<number, WorkerStore>();
  readonly #jobs = new Map<number, JobWaiter>();
  #commitsUnderWay = 0;
  #nextId = 1;
  #thread: Worker | undefined;
  #state: 'idle' | 'starting' | 'ready' | 'dead' | 'closed' = 'idle';
  #ended: Promise<void> = Promise.resolve();
  #causeOfDeath: StorageError | undefined;

  constructor(options: StorageWorkerOptions = {}) {
    this.#scriptUrl = options.scriptUrl;
  }

  /** Whether a piece given to it now is begun at once: it has started and not ended. */
  get isReady(): boolean {
    return this.#state === 'ready';
  }

  /** Whether it can take work: it was not closed and has not failed. */
  get isUsable(): boolean {
    return this.#state !== 'closed' && this.#state !== 'dead';
  }

  /** Starts the thread, if it was not. */
  start(): void {
    if (this.#state !== 'idle') return;
    this.#state = 'starting';
    const thread = this.#startThread();
    if (thread === undefined) return;
    this.#thread = thread;
    thread.on('message', (message: MessageFromWorker) => this.#handle(message));
    this.#ended = new Promise((resolve) => {
      thread.on('exit', () => {
        this.#die(new StorageError('io', 'the storage worker ended'));
        resolve();
      });
    });
    thread.on('error', (error) =>
      this.#die(new StorageError('io', `the storage worker failed: ${error.message}`, { cause: error })),
    );
    this.#keepAlive();
  }

  #startThread(): Worker | undefined {
    const memory: SharedMemory = {
      commits: this.#commits.memory,
      results: this.#results.memory,
      signals: this.#signalMemory,
    };
    try {
      // `execArgv: []`: what was meant for the main thread (a loader, an inspector) is not for this one.
      return new Worker(this.#scriptUrl ?? findScript(), { workerData: memory, execArgv: [] });
    } catch (error) {
      const message =
        'cannot find the script of the storage worker, dist/hash-worker.js; build the package, or give scriptUrl';
      this.#die(new StorageError('io', message, { cause: error }));
      return undefined;
    }
  }

  /** Lets the thread know a content. Used by stores. */
  openStore(plan: ContentPlan, pieceLength: number, slotBytes: number): WorkerStore {
    const storeId = this.#nextId++;
    const store = new WorkerStore(storeId, {
      submit: (record) => this.#submit(record),
      addChunk: (memory) => this.#post({ kind: 'addChunk', storeId, memory }),
      waitForResult: (ms) => this.#waitForResult(ms),
      close: () => {
        this.#stores.delete(storeId);
        if (this.isUsable) this.#post({ kind: 'closeStore', storeId });
      },
    });
    this.#stores.set(storeId, store);
    this.#post({ kind: 'openStore', storeId, root: plan.root, files: plan.files, pieceLength, slotBytes });
    return store;
  }

  /**
   * Runs a job to its end.
   *
   * @throws {StorageError} `aborted`, or `closed` or `io` if the thread ends before the job
   */
  runJob(job: ContentJob, options: JobOptions = {}): Promise<JobResult> {
    if (!this.isUsable) return Promise.reject(this.#causeOfDeath ?? closed());
    const jobId = this.#nextId++;
    const { signal, onProgress } = options;
    if (signal?.aborted === true) return Promise.reject(abortedBy(signal));
    return new Promise<JobResult>((resolve, reject) => {
      const abort = (): void => {
        this.#jobs.delete(jobId);
        this.#post({ kind: 'cancelJob', jobId });
        this.#keepAlive();
        if (signal !== undefined) reject(abortedBy(signal));
      };
      const settle = (action: () => void): void => {
        signal?.removeEventListener('abort', abort);
        action();
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#jobs.set(jobId, {
        progress: onProgress,
        done: (result) => settle(() => resolve(result)),
        fail: (error) => settle(() => reject(error)),
      });
      this.#post({ kind: 'startJob', jobId, job });
      this.#keepAlive();
    });
  }

  /** Ends the thread after the work it has. Stores and jobs that still wait for it fail. */
  async close(): Promise<void> {
    if (this.#thread === undefined || !this.isUsable) {
      this.#state = 'closed';
      return;
    }
    this.#post({ kind: 'stop' });
    this.#state = 'closed';
    this.#causeOfDeath = closed();
    this.#keepAlive();
    await this.#ended;
  }

  #submit(record: CommitRecord): void {
    this.start();
    this.#commitsUnderWay += 1;
    if (this.#commitsUnderWay > RING_CAPACITY) this.#waiting.push(record);
    else this.#push(record);
    if (this.#commitsUnderWay === 1) this.#keepAlive();
  }

  #push(record: CommitRecord): void {
    packCommit(record, this.#commit);
    this.#commits.push(this.#commit);
    this.#wake();
  }

  #post(message: MessageToWorker): void {
    this.start();
    this.#thread?.postMessage(message);
    this.#wake();
  }

  #wake(): void {
    Atomics.add(this.#signals, SIGNAL.toWorker, 1);
    Atomics.notify(this.#signals, SIGNAL.toWorker, 1);
  }

  #handle(message: MessageFromWorker): void {
    switch (message.kind) {
      case 'ready':
        if (this.#state === 'starting') this.#state = 'ready';
        return;
      case 'results':
        // Before looking: a result that comes later sends a message of its own.
        Atomics.store(this.#signals, SIGNAL.isMainCalled, 0);
        this.#takeResults();
        for (const store of this.#stores.values()) store.deliver();
        // Not before: what was taken while the main thread waited for memory is only delivered now.
        if (this.#commitsUnderWay === 0) this.#keepAlive();
        return;
      case 'jobProgress':
        this.#jobs.get(message.jobId)?.progress?.(message.bytes);
        return;
      case 'jobDone': {
        const waiter = this.#jobs.get(message.jobId);
        this.#jobs.delete(message.jobId);
        this.#keepAlive();
        waiter?.done(message.result);
      }
    }
  }

  /** Hands the results in the ring to their stores, which deliver them later. */
  #takeResults(): void {
    while (this.#results.pop(this.#result)) {
      const { storeId, piece, result } = unpackResult(this.#result);
      this.#commitsUnderWay -= 1;
      const next = this.#waiting.shift();
      if (next !== undefined) this.#push(next);
      this.#stores.get(storeId)?.take(piece, result);
    }
  }

  /** Blocks until the worker has done something more, or the time is over. */
  #waitForResult(ms: number): void {
    if (this.#state !== 'ready') return;
    this.#results.wait(ms);
    this.#takeResults();
  }

  /** The process lives while there is work, or while somebody waits for the end of the thread. */
  #keepAlive(): void {
    if (this.#commitsUnderWay > 0 || this.#jobs.size > 0 || this.#state === 'closed') this.#thread?.ref();
    else this.#thread?.unref();
  }

  #die(error: StorageError): void {
    this.#causeOfDeath ??= error;
    if (this.#state !== 'closed') this.#state = 'dead';
    for (const waiter of this.#jobs.values()) waiter.fail(error);
    this.#jobs.clear();
    this.#takeResults();
    for (const store of this.#stores.values()) store.fail(error);
  }
}

/** What a caller of a job may want. */
export interface JobOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

interface JobWaiter {
  readonly progress: ((bytes: number) => void) | undefined;
  readonly done: (result: JobResult) => void;
  readonly fail: (error: StorageError) => void;
}

function closed(): StorageError {
  return new StorageError('closed', 'the storage worker is closed');
}

/**
 * By the package's own name, so that it is the built script also where this source runs as it is: a worker of Node 20
 * cannot be TypeScript.
 */
function findScript(): URL {
  return pathToFileURL(createRequire(import.meta.url).resolve('@p2p/storage/hash-worker'));
}
