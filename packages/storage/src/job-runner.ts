import { setImmediate } from 'node:timers/promises';

import { INLINE_CONTENT_BYTES } from './commit-pipeline.js';
import { jobBytes, runJob } from './content-job.js';
import type { ContentHashes, ContentJob, JobResult } from './content-job.js';
import { ContentMap } from './content-map.js';
import { errorOfFailure } from './content-io.js';
import { nodeFileSystem } from './file-system.js';
import type { FileSystem } from './file-system.js';
import type { CheckOptions } from './piece-store.js';
import { abortedBy } from './storage-error.js';
import type { StorageWorker } from './storage-worker.js';

/** A result that is no failure. */
export type JobSuccess = Exclude<JobResult, { readonly kind: 'failed' }>;

/** Runs long work: on the worker, or between events if there is too little of it to start one. */
export class JobRunner {
  readonly #worker: StorageWorker;
  readonly #fileSystem: FileSystem;

  /** @param fileSystem only the real one can be used on the worker */
  constructor(worker: StorageWorker, fileSystem: FileSystem = nodeFileSystem) {
    this.#worker = worker;
    this.#fileSystem = fileSystem;
  }

  /**
   * Runs a job to its end.
   *
   * @throws {StorageError} what the disk says, or `aborted`
   */
  async run(job: ContentJob, { signal, onProgress }: CheckOptions = {}): Promise<JobSuccess> {
    if (signal?.aborted === true) throw abortedBy(signal);
    const totalBytes = jobBytes(job);
    const report = (bytes: number): void => onProgress?.(Math.min(bytes, totalBytes), totalBytes);
    const isInline = totalBytes <= INLINE_CONTENT_BYTES || this.#fileSystem !== nodeFileSystem;
    const result = isInline
      ? await this.#runInline(job, { signal, onProgress: report })
      : await this.#worker.runJob(job, { signal, onProgress: report });
    if (result.kind === 'failed') {
      const doing = job.task.kind === 'prepare' ? 'write' : 'read';
      throw errorOfFailure(new ContentMap(job.files), result.failure, doing);
    }
    report(totalBytes);
    return result;
  }

  /** {@link run} for a job that hashes content. */
  async hash(job: ContentJob, options?: CheckOptions): Promise<ContentHashes> {
    const result = await this.run(job, options);
    if (result.kind !== 'hashed') throw new TypeError(`a job to hash answered "${result.kind}"`);
    return result;
  }

  async #runInline(job: ContentJob, { signal, onProgress }: InlineOptions): Promise<JobResult> {
    const steps = runJob(this.#fileSystem, job);
    let bytes = 0;
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done === true) return step.value;
      bytes += step.value;
      onProgress(bytes);
      await setImmediate();
      if (signal?.aborted !== true) continue;
      steps.return({ kind: 'prepared' });
      throw abortedBy(signal);
    }
  }
}

interface InlineOptions {
  readonly signal: AbortSignal | undefined;
  readonly onProgress: (bytes: number) => void;
}
