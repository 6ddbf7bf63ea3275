import { closeSync, openSync, writeSync } from 'node:fs';

import { messageOf, SimError } from '../sim-error.js';

/** A file that lines are appended to. It is opened at once, so that a sweep does not find out after its first run. */
export class LineFile {
  readonly #path: string;
  readonly #descriptor: number;

  /** @throws {SimError} `bad-option` */
  constructor(option: string, path: string) {
    this.#path = path;
    try {
      this.#descriptor = openSync(path, 'a');
    } catch (error) {
      throw new SimError('bad-option', `${option}: expected a file that can be written to: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }

  /** @throws {SimError} `not-written` */
  append(line: string): void {
    try {
      let rest = Buffer.from(`${line}\n`);
      // A disk that is nearly full takes a part of it.
      while (rest.length > 0) rest = rest.subarray(writeSync(this.#descriptor, rest));
    } catch (error) {
      throw new SimError('not-written', `${this.#path} cannot be written to: ${messageOf(error)}`, { cause: error });
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
