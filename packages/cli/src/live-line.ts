import { Writable } from 'node:stream';

import { createLogUpdate } from 'log-update';

import { DEFAULT_COLUMNS, type OutputStream } from './terminal.js';

/** Text at the bottom of a terminal that is drawn over again. */
export interface LiveLine {
  /** Replaces what is shown. */
  update(text: string): void;
  /** Takes it away, so that ordinary lines can be written; the next `update` draws below them. */
  clear(): void;
}

/** A live line on a terminal. */
export function openLiveLine(stream: OutputStream): LiveLine {
  // The cursor stays visible: should we die by a signal, nobody has to type `reset`.
  const logUpdate = createLogUpdate(new SizedStream(stream), { showCursor: true });
  return {
    update: (text) => {
      logUpdate(text);
    },
    clear: () => {
      logUpdate.clear();
    },
  };
}

/**
 * The same terminal, with a size in any case. One that nobody has told its size says 0 (serial lines, containers); the library
 * would take its word, and break the line after each letter, or draw nothing.
 */
class SizedStream extends Writable {
  readonly isTTY = true;
  readonly #stream: OutputStream;

  constructor(stream: OutputStream) {
    super({ decodeStrings: false });
    this.#stream = stream;
  }

  get columns(): number {
    return this.#stream.columns || DEFAULT_COLUMNS;
  }

  get rows(): number {
    return this.#stream.rows || DEFAULT_ROWS;
  }

  override _write(chunk: string, _encoding: BufferEncoding, done: () => void): void {
    this.#stream.write(chunk);
    done();
  }
}

const DEFAULT_ROWS = 24;
