import { isMainThread, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';

import type { CommitResult } from './commit-work.js';
import { COMMIT_STATUS, commitNow } from './commit-work.js';
import { ContentIo } from './content-io.js';
import { runJob } from './content-job.js';
import type { JobSteps } from './content-job.js';
import { ContentMap } from './content-map.js';
import { nodeFileSystem } from './file-system.js';
import { IntegerRing } from './integer-ring.js';
import { cutChunk } from './piece-arena.js';
import { COMMIT_RECORD_WIDTH, RESULT_RECORD_WIDTH, SIGNAL, packResult, unpackCommit } from './worker-protocol.js';
import type { CommitRecord, MessageFromWorker, MessageToWorker, SharedMemory } from './worker-protocol.js';

/**
 * The thread that hashes and writes pieces, and goes through files, while the main thread talks to the network.
 *
 * It never returns to its event loop: it sleeps on an integer in shared memory, and when that changes takes messages and
 * pieces until there are none. It does not poll, so an idle one costs nothing.
 */
class HashWorker {
  readonly #port: MessagePort;
  readonly #commits: IntegerRing;
  readonly #results: IntegerRing;
  readonly #signals: Int32Array;
  readonly #commit = new Int32Array(COMMIT_RECORD_WIDTH);
  readonly #result = new Int32Array(RESULT_RECORD_WIDTH);
  readonly #stores = new Map<number, OpenStore>();
  readonly #jobs = new Map<number, RunningJob>();
  #isStopped = false;

  constructor(port: MessagePort, memory: SharedMemory) {
    this.#port = port;
    this.#commits = new IntegerRing(COMMIT_RECORD_WIDTH, memory.commits);
    this.#results = new IntegerRing(RESULT_RECORD_WIDTH, memory.results);
    this.#signals = new Int32Array(memory.signals);
  }

  run(): void {
    this.#post({ kind: 'ready' });
    while (!this.#isStopped) {
      const seen = Atomics.load(this.#signals, SIGNAL.toWorker);
      const hadMessages = this.#takeMessages();
      const hadCommits = this.#takeCommits();
      const hasJobs = this.#stepJobs();
      // Whatever was sent since `seen` changed the integer: then this returns at once.
      if (!hadMessages && !hadCommits && !hasJobs) Atomics.wait(this.#signals, SIGNAL.toWorker, seen);
    }
    for (const store of this.#stores.values()) store.io.close();
    this.#port.close();
  }

  #takeMessages(): boolean {
    // The only sender is StorageWorker, which sends nothing else.
    let received: Received = receiveMessageOnPort(this.#port);
    if (received === undefined) return false;
    for (; received !== undefined; received = receiveMessageOnPort(this.#port)) {
      this.#handle(received.message);
    }
    return true;
  }

  #handle(message: MessageToWorker): void {
    switch (message.kind) {
      case 'openStore': {
        const io = new ContentIo(nodeFileSystem, new ContentMap(message.files), message.root);
        const { pieceLength, slotBytes } = message;
        this.#stores.set(message.storeId, { io, pieceLength, slotBytes, slots: [] });
        return;
      }
      case 'addChunk': {
        const store = this.#stores.get(message.storeId);
        store?.slots.push(...cutChunk(message.memory, store.slotBytes));
        return;
      }
      case 'closeStore':
        this.#stores.get(message.storeId)?.io.close();
        this.#stores.delete(message.storeId);
        return;
      case 'startJob':
        this.#jobs.set(message.jobId, { steps: runJob(nodeFileSystem, message.job), bytes: 0, toldBytes: 0 });
        return;
      case 'cancelJob':
        this.#jobs.get(message.jobId)?.steps.return({ kind: 'prepared' });
        this.#jobs.delete(message.jobId);
        return;
      case 'stop':
        this.#isStopped = true;
    }
  }

  #takeCommits(): boolean {
    let hadAny = false;
    while (this.#commits.pop(this.#commit)) {
      hadAny = true;
      const record = unpackCommit(this.#commit);
      this.#report(record, this.#commitPiece(record));
    }
    return hadAny;
  }

  #commitPiece(record: CommitRecord): CommitResult {
    // The message that names a store, or a chunk of memory, was sent before the record that needs it.
    const isKnown = (this.#stores.get(record.storeId)?.slots.length ?? -1) > record.slot;
    if (!isKnown) this.#takeMessages();
    const store = this.#stores.get(record.storeId);
    if (store === undefined) return { status: COMMIT_STATUS.failed, errno: 0, fileIndex: 0 };
    return commitNow(store.io, {
      offset: record.piece * store.pieceLength,
      length: record.length,
      expectedHash: record.expectedHash,
      bytes: store.slots[record.slot]?.subarray(0, record.length),
    });
  }

  #report({ storeId, piece }: CommitRecord, result: CommitResult): void {
    packResult({ storeId, piece, result }, this.#result);
    // Never full: no more commits are under way than a ring holds.
    this.#results.push(this.#result);
    if (Atomics.exchange(this.#signals, SIGNAL.isMainCalled, 1) === 0) this.#post({ kind: 'results' });
  }

  /** One step of each job, so that pieces never wait for more than a few megabytes. */
  #stepJobs(): boolean {
    for (const [jobId, job] of this.#jobs) {
      const step = job.steps.next();
      if (step.done === true) {
        this.#jobs.delete(jobId);
        this.#post({ kind: 'jobDone', jobId, result: step.value });
        continue;
      }
      job.bytes += step.value;
      if (job.bytes - job.toldBytes < PROGRESS_BYTES) continue;
      job.toldBytes = job.bytes;
      this.#post({ kind: 'jobProgress', jobId, bytes: job.bytes });
    }
    return this.#jobs.size > 0;
  }

  #post(message: MessageFromWorker): void {
    this.#port.postMessage(message);
  }
}

type Received = { readonly message: MessageToWorker } | undefined;

interface OpenStore {
  readonly io: ContentIo;
  readonly pieceLength: number;
  readonly slotBytes: number;
  readonly slots: Uint8Array[];
}

interface RunningJob {
  readonly steps: JobSteps;
  bytes: number;
  toldBytes: number;
}

/** Some fifty messages a second while hashing at full speed. */
const PROGRESS_BYTES = 32 * 1024 * 1024;

if (!isMainThread && parentPort !== null) {
  // eslint-disable-next-line p2p/no-type-assertion -- StorageWorker, the only one to start this file, gives exactly this
  new HashWorker(parentPort, workerData as SharedMemory).run();
}
