import { Writable } from 'node:stream';

import type { LiveLine } from '../src/live-line.js';
import type { OutputStream, Terminal } from '../src/terminal.js';

/** A stream that keeps what is written. */
export class TextStream extends Writable implements OutputStream {
  readonly isTTY: boolean;
  readonly columns: number;
  text = '';

  constructor(isTTY = false, columns = 100) {
    super({ decodeStrings: false });
    this.isTTY = isTTY;
    this.columns = columns;
  }

  override _write(chunk: string | Uint8Array, _encoding: string, done: () => void): void {
    this.text += typeof chunk === 'string' ? chunk : new TextDecoder().decode(chunk);
    done();
  }

  get lines(): string[] {
    return this.text.split('\n').slice(0, -1);
  }
}

/** A terminal whose clock stands still until a test moves it. */
export class FakeTerminal implements Terminal {
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  readonly environment: Record<string, string | undefined>;
  nowMs = 0;

  constructor({ isTTY = false, columns = 100, environment = {} }: Partial<FakeTerminalOptions> = {}) {
    this.stdout = new TextStream(isTTY, columns);
    this.stderr = new TextStream(isTTY, columns);
    this.environment = environment;
  }

  now(): number {
    return this.nowMs;
  }
}

interface FakeTerminalOptions {
  readonly isTTY: boolean;
  readonly columns: number;
  readonly environment: Record<string, string | undefined>;
}

/** A live line that notes what was drawn: the text, or `undefined` for nothing. */
export class FakeLiveLine implements LiveLine {
  readonly drawn: (string | undefined)[] = [];

  update(text: string): void {
    this.drawn.push(text);
  }

  clear(): void {
    this.drawn.push(undefined);
  }
}
