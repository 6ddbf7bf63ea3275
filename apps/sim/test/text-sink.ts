import { Writable } from 'node:stream';

import type { TextStream } from '../src/run/display.js';

/** A stream that remembers what was written to it. */
export class TextSink extends Writable implements TextStream {
  readonly isTTY: boolean;
  readonly columns = 100;
  readonly rows = 30;
  text = '';

  constructor(isTTY = false) {
    super({ decodeStrings: false });
    this.isTTY = isTTY;
  }

  override _write(chunk: unknown, _encoding: string, done: () => void): void {
    this.text += String(chunk);
    done();
  }
}
